namespace ProbML;

/// <summary>How a network is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the training rows; at least 1.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Rows of a step; the last step of an epoch has what remains.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The learning rate α, above 0.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The rule of the steps.</summary>
    public TrainingOptimizer Optimizer { get; init; } = TrainingOptimizer.Adam;

    /// <summary>The factor on the learning rate as training goes on.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>λ of the penalty ½ λ ‖θ‖² (of AdamW's decay), at least 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Gradients longer than this, over all parameters, are scaled down to it; null: none are.</summary>
    /// <remarks>Pascanu, Mikolov and Bengio (2013), §3.2.</remarks>
    public double? ClipNorm { get; init; }

    /// <summary>The share of rows, drawn by the seed, that measures and does not train, in [0, 1).</summary>
    public double ValidationFraction { get; init; }

    /// <summary>Stops after so many epochs without a lower validation loss, with the best weights; null: never.</summary>
    public int? Patience { get; init; }

    /// <summary>By how much the validation loss must fall below the best to count as lower.</summary>
    public double MinimumImprovement { get; init; }

    /// <summary>The decay of an exponential moving average of the weights, which then are the result; null: no average.</summary>
    /// <remarks>Polyak and Juditsky (1992); θ̄ ← d θ̄ + (1 − d) θ with d = min(decay, (1 + t) / (10 + t)) at step t.</remarks>
    public double? AverageDecay { get; init; }

    /// <summary>Where it runs.</summary>
    public TrainingDevice Device { get; init; }

    /// <summary>The numbers it computes with.</summary>
    public TrainingPrecision Precision { get; init; }

    /// <summary>The seed of all randomness; null: the monitor's, else 1.</summary>
    public int? Seed { get; init; }

    /// <summary>Processor threads of a step; null: 1 for a tiny network, else one a core up to 8.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes that the rows may take as one tensor; more rows are streamed through a shuffle buffer.</summary>
    public long MemoryBudget { get; init; } = 2L << 30;

    /// <summary>Rows of the shuffle buffer of a streamed training.</summary>
    public int ShuffleRows { get; init; } = 65_536;

    /// <summary>Where to keep checkpoints; null: none are kept. The same training goes on from there after a stop.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>Steps between checkpoints within an epoch; null: one at the end of each epoch alone.</summary>
    public int? CheckpointSteps { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range; the message names it.</exception>
    public void Validate()
    {
        Check(Epochs >= 1, $"Epochs must be at least 1, but is {Epochs}.", nameof(Epochs));
        Check(BatchSize >= 1, $"BatchSize must be at least 1, but is {BatchSize}.", nameof(BatchSize));
        Check(
            LearningRate > 0 && double.IsFinite(LearningRate),
            $"LearningRate must be above 0, but is {LearningRate}.",
            nameof(LearningRate));
        Check(
            WeightDecay >= 0 && double.IsFinite(WeightDecay),
            $"WeightDecay must be at least 0, but is {WeightDecay}.",
            nameof(WeightDecay));
        Check(ClipNorm is null or > 0, $"ClipNorm must be above 0, but is {ClipNorm}.", nameof(ClipNorm));
        Check(
            ValidationFraction is >= 0 and < 1,
            $"ValidationFraction must lie in [0, 1), but is {ValidationFraction}.",
            nameof(ValidationFraction));
        Check(Patience is null or >= 1, $"Patience must be at least 1, but is {Patience}.", nameof(Patience));
        Check(
            Patience is null || ValidationFraction > 0,
            "Patience needs validation rows to watch: set ValidationFraction, say to 0.1.",
            nameof(Patience));
        Check(
            MinimumImprovement >= 0,
            $"MinimumImprovement must be at least 0, but is {MinimumImprovement}.",
            nameof(MinimumImprovement));
        Check(
            AverageDecay is null or (> 0 and < 1),
            $"AverageDecay must lie in (0, 1), but is {AverageDecay}.",
            nameof(AverageDecay));
        Check(Threads is null or >= 1, $"Threads must be at least 1, but is {Threads}.", nameof(Threads));
        Check(MemoryBudget >= 0, $"MemoryBudget must be at least 0 bytes, but is {MemoryBudget}.", nameof(MemoryBudget));
        Check(ShuffleRows >= 1, $"ShuffleRows must be at least 1, but is {ShuffleRows}.", nameof(ShuffleRows));
        Check(
            CheckpointSteps is null or >= 1,
            $"CheckpointSteps must be at least 1, but is {CheckpointSteps}.",
            nameof(CheckpointSteps));
        Check(
            CheckpointSteps is null || CheckpointFolder is not null,
            "CheckpointSteps needs a CheckpointFolder.",
            nameof(CheckpointSteps));
        Check(
            Enum.IsDefined(Precision), $"Precision has no value {(int)Precision}.", nameof(Precision));
        ArgumentNullException.ThrowIfNull(Optimizer);
        ArgumentNullException.ThrowIfNull(Schedule);
        Check(
            Optimizer is not LbfgsOptimizer || AverageDecay is null,
            "L-BFGS takes no average of weights: leave AverageDecay null.",
            nameof(AverageDecay));
        Optimizer.Validate();
    }

    /// <summary>The seed that a training uses.</summary>
    internal int SeedOf(TrainingMonitor monitor) => Seed ?? monitor.Seed ?? 1;

    private static void Check(bool holds, string message, string name)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, message);
    }
}
