namespace ProbML.DensityRatios;

/// <summary>How a network of the log ratio is built and trained.</summary>
public sealed record RatioNetworkOptions
{
    /// <summary>What is minimised.</summary>
    public RatioLoss Loss { get; init; } = RatioLoss.Logistic;

    /// <summary>Units of the hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64, 64];

    /// <summary>The nonlinearity between them.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>The probability that a hidden unit is dropped in training, in [0, 1).</summary>
    public double Dropout { get; init; }

    /// <summary>τ, beyond which weights are cut; null: √n times their mean, n the denominator's rows.</summary>
    public double? MaximumRatio { get; init; }

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; init; } = new()
    {
        Epochs = 100,
        BatchSize = 128,
        ClipNorm = 5,
        ValidationFraction = 0.1,
        Patience = 10,
        AverageDecay = 0.99,
        WeightDecay = 0.01,
        Optimizer = TrainingOptimizer.AdamW,
    };

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range; the message names it.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Loss))
            throw new ArgumentOutOfRangeException(nameof(Loss), $"Loss has no value {(int)Loss}.");
        if (MaximumRatio is not (null or > 0))
            throw new ArgumentOutOfRangeException(nameof(MaximumRatio), $"MaximumRatio must be positive, but is {MaximumRatio}.");
        Network.Validate();
        ArgumentNullException.ThrowIfNull(Training);
        Training.Validate();
    }

    internal MultilayerPerceptronOptions Network => new() { HiddenSizes = Hidden, Activation = Activation, Dropout = Dropout };
}
