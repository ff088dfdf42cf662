using static TorchSharp.torch;

namespace ProbML;

/// <summary>Epoch after epoch to an end, with the best weights kept.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly TrainingContext training;
    private readonly IEpochRule rule;
    private readonly NamedTensors best;
    private readonly TrainingCheckpoint? checkpoint;

    /// <summary>Makes ready, and goes back to the checkpoint if one was kept.</summary>
    public TrainingRun(TrainingContext training, IReadOnlyDictionary<string, string> options)
    {
        this.training = training;
        rule = RuleOf(training);
        best = training.State.Copy();
        if (training.Options.CheckpointFolder is null)
            return;
        checkpoint = new(training, options, rule, best);
        BestEpoch = checkpoint.Restore() ?? 0;
        if (training.Options.CheckpointSteps is { } steps)
            training.StepTaken = () =>
            {
                if (training.Step.Number % steps == 0)
                    checkpoint.Save(BestEpoch);
            };
    }

    /// <summary>The epoch whose weights the module has in the end; 0: before the first.</summary>
    public int ResultEpoch { get; private set; }

    /// <summary>How often the training was resumed.</summary>
    public int Resumed => checkpoint?.Resumed ?? 0;

    /// <summary>The epoch of the lowest loss so far; 0: none has ended.</summary>
    private int BestEpoch { get; set; }

    private bool Measures => training.Rows.ValidationCount > 0;

    /// <summary>Trains to an end, which leaves the module with the weights it is to have.</summary>
    public TrainingEnding Run()
    {
        TrainingEnding? ending;
        while ((ending = Ending()) is null)
        {
            double start = training.Elapsed.TotalSeconds;
            if (rule.Run(training) is { } trouble)
                return Stop(trouble);
            EndEpoch(start);
        }
        if (Measures)
            training.State.Take(best);
        else if (training.Average is { } average)
            training.Parameters.Take(average);
        ResultEpoch = Measures ? BestEpoch : training.Epochs.Count;
        return ending.Value;
    }

    public void Dispose()
    {
        rule.Dispose();
        best.Dispose();
    }

    /// <summary>Why no epoch follows; null: one does.</summary>
    private TrainingEnding? Ending() =>
        rule.Converged ? TrainingEnding.Converged
        : training.Epochs.Count - BestEpoch >= training.Options.Patience ? TrainingEnding.EarlyStopping
        : training.Epochs.Count >= training.Options.Epochs ? TrainingEnding.Completed
        : null;

    private static IEpochRule RuleOf(TrainingContext training) => training.Options.Optimizer switch
    {
        LbfgsOptimizer lbfgs => new LbfgsEpoch(lbfgs, training.Options.WeightDecay, training.Parameters),
        _ => new MinibatchEpoch(StepRule.Create(training.Options, training.Parameters)),
    };

    private void EndEpoch(double start)
    {
        using var raw = training.Average is null ? null : training.Parameters.Copy();
        if (training.Average is { } average)
            training.Parameters.Take(average);
        double seconds = training.Elapsed.TotalSeconds - start;
        var epoch = new TrainingEpoch
        {
            Epoch = training.Epochs.Count + 1,
            Loss = training.Ledger.MeanLoss,
            Terms = training.Ledger.MeanTerms,
            GradientNorm = training.Ledger.MeanGradientNorm,
            LearningRate = training.LearningRate,
            RowsPerSecond = training.Rows.Count / seconds,
            Seconds = seconds,
        };
        training.Ledger.Clear();
        training.Position = 0;
        training.Epochs.Add(epoch);
        if (Measures)
            training.Epochs[^1] = epoch = Validated(epoch);
        if (IsBest(epoch))
        {
            BestEpoch = epoch.Epoch;
            best.Take(training.State);
        }
        if (raw is not null)
            training.Parameters.Take(raw);
        checkpoint?.Save(BestEpoch);
        training.ReportEpoch(epoch);
    }

    private bool IsBest(TrainingEpoch epoch)
    {
        if (BestEpoch == 0)
            return true;
        double lowest = training.Epochs[BestEpoch - 1].MonitoredLoss;
        return !double.IsFinite(lowest) || epoch.MonitoredLoss < lowest - training.Options.MinimumImprovement;
    }

    /// <summary>Measures the validation rows, with the same random numbers after every epoch.</summary>
    private TrainingEpoch Validated(TrainingEpoch epoch)
    {
        using var gradients = no_grad();
        using var random = new Generator(
            (ulong)TrainingSeeds.Derive(training.Seed, TrainingSeeds.Validation), training.Step.Device);
        var (own, ledger) = (training.Step.Random, new LossLedger(1));
        training.Step.Random = random;
        training.Objective.Module.eval();
        try
        {
            using var pass = training.Rows.Validate();
            while (true)
            {
                training.Monitor.ThrowIfCancelled();
                using var scope = NewDisposeScope();
                if (!pass.TryNext(out var batch))
                    break;
                training.Begin(training.Step.Number, isTraining: false);
                var loss = training.LossOf(batch);
                ledger.AddAny(batch.Count, [.. training.Step.Terms, new(LossLedger.Loss, loss)]);
            }
        }
        finally
        {
            training.Step.Random = own;
        }
        return epoch with { ValidationLoss = ledger.MeanLoss, ValidationTerms = ledger.MeanTerms };
    }

    /// <summary>Ends a training whose loss is no number, with the best weights from before.</summary>
    private TrainingEnding Stop(NotFinite trouble)
    {
        if (BestEpoch > 0)
            training.State.Take(best);
        else if (trouble.Step <= 1 || !AllFinite())
            throw new InvalidOperationException(
                $"Training cannot begin: {trouble}. Look for values far from 0 among the features (normalize them), lower "
                + "LearningRate, or set ClipNorm, say to 1.");
        ResultEpoch = BestEpoch;
        training.Monitor.Warning?.Invoke(
            $"Training stopped: {trouble}. The model has the weights "
            + (BestEpoch > 0 ? $"of epoch {BestEpoch}" : "from before that step")
            + ". Lower LearningRate, or set ClipNorm, say to 1.");
        return TrainingEnding.NotFinite;
    }

    private bool AllFinite()
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return training.State.Values.All(value => value.isfinite().all().item<bool>());
    }
}
