using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>What all parts of a training under way share.</summary>
internal sealed class TrainingContext : IDisposable
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private TimeSpan lastReport;

    public TrainingContext(
        ITrainingObjective objective,
        TrainingOptions options,
        TrainingRows rows,
        TrainingMonitor monitor,
        Device device,
        int seed)
    {
        (Objective, Options, Rows, Monitor, Seed) = (objective, options, rows, monitor, seed);
        Parameters = NamedTensors.ParametersOf(objective.Module);
        if (Parameters.Values.Length == 0)
            throw new InvalidOperationException($"The module of {objective.Description} has no parameters to train.");
        State = NamedTensors.StateOf(objective.Module);
        Average = options.AverageDecay is null ? null : Parameters.Copy();
        Step = new(new Generator((ulong)TrainingSeeds.Derive(seed, TrainingSeeds.Steps), device), device);
        Ledger = new(device.type == DeviceType.CPU ? 1 : 20);
        PlannedSteps = options.Epochs * StepsOfEpoch;
    }

    public ITrainingObjective Objective { get; }

    public TrainingOptions Options { get; }

    public TrainingRows Rows { get; }

    public TrainingMonitor Monitor { get; }

    public int Seed { get; }

    /// <summary>What is trained.</summary>
    public NamedTensors Parameters { get; }

    /// <summary>All that the module consists of.</summary>
    public NamedTensors State { get; }

    /// <summary>The moving average of the parameters, if there is one.</summary>
    public NamedTensors? Average { get; }

    public TrainingStep Step { get; }

    public LossLedger Ledger { get; }

    public List<TrainingEpoch> Epochs { get; } = [];

    public long PlannedSteps { get; }

    /// <summary>Rows of the epoch under way that are behind.</summary>
    public long Position { get; set; }

    public double LearningRate { get; set; }

    /// <summary>Time that runs before a resumption took.</summary>
    public TimeSpan Before { get; set; }

    public TimeSpan Elapsed => Before + watch.Elapsed;

    /// <summary>Called after each step: where checkpoints are kept within an epoch.</summary>
    public Action? StepTaken { get; set; }

    private long StepsOfEpoch => Options.Optimizer is LbfgsOptimizer
        ? 1
        : (Rows.Count + Options.BatchSize - 1) / Options.BatchSize;

    /// <summary>Fills in where the training stands and makes ready for a loss.</summary>
    public void Begin(long number, bool isTraining)
    {
        Step.Number = number;
        Step.Epoch = Epochs.Count + (isTraining ? 1 : 0);
        Step.Progress = Math.Min(1, Math.Max(0, number - 1.0) / PlannedSteps);
        Step.IsTraining = isTraining;
        Step.Clear();
    }

    /// <summary>The loss of a batch, which must be one number.</summary>
    public Tensor LossOf(TrainingBatch batch)
    {
        var loss = Objective.Loss(batch, Step);
        return loss.NumberOfElements == 1
            ? loss
            : throw new InvalidOperationException(
                $"The loss of {Objective.Description} must be a scalar, the mean over the batch's rows, but has shape "
                + $"[{string.Join(", ", loss.shape)}].");
    }

    /// <summary>Tells how an epoch goes, twice a second at most.</summary>
    public void ReportStep()
    {
        Monitor.ThrowIfCancelled();
        if (Monitor.Progress is null || Elapsed - lastReport < TimeSpan.FromSeconds(0.5) || Ledger.Rows == 0)
            return;
        lastReport = Elapsed;
        Monitor.Report(new("Step", (int)Math.Min(int.MaxValue, Step.Number), Ledger.MeanLoss, RowsRead, Elapsed)
        {
            Terms = Ledger.MeanTerms,
            Completed = Step.Number,
            Total = PlannedSteps,
        });
    }

    /// <summary>Tells what an epoch came to.</summary>
    public void ReportEpoch(TrainingEpoch epoch)
    {
        var terms = new SortedDictionary<string, double>(epoch.Terms.ToDictionary(), StringComparer.Ordinal);
        if (epoch.ValidationLoss is { } validation)
            terms["Validation"] = validation;
        foreach (var (name, value) in epoch.ValidationTerms)
            terms["Validation" + name] = value;
        lastReport = Elapsed;
        Monitor.Report(new("Epoch", epoch.Epoch, epoch.Loss, RowsRead, Elapsed)
        {
            Terms = terms,
            Completed = epoch.Epoch * StepsOfEpoch,
            Total = PlannedSteps,
        });
    }

    public void Dispose()
    {
        Ledger.Clear();
        Average?.Dispose();
        Step.Random.Dispose();
    }

    private long RowsRead => Epochs.Count * Rows.Count + Position;
}
