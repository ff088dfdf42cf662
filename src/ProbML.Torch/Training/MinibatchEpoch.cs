using static TorchSharp.torch;

namespace ProbML;

/// <summary>Passes over the rows once and returns what stopped it before the end, if anything did.</summary>
internal interface IEpochRule : IDisposable
{
    /// <summary>Its state by name, tensors to be read or written in place.</summary>
    IEnumerable<(string Name, Tensor Value)> State { get; }

    /// <summary>Whether its tolerance is met.</summary>
    bool Converged { get; }

    /// <summary>Runs an epoch, or what a resumption left of it.</summary>
    NotFinite? Run(TrainingContext training);
}

/// <summary>An epoch of steps on minibatches.</summary>
internal sealed class MinibatchEpoch(StepRule rule) : IEpochRule
{
    private const int StepsBetweenCollections = 100;

    public IEnumerable<(string Name, Tensor Value)> State => rule.State;

    public bool Converged => false;

    public NotFinite? Run(TrainingContext training)
    {
        double[] losses = [.. training.Epochs.Select(epoch => epoch.MonitoredLoss)];
        training.Objective.Module.train();
        using var pass = training.Rows.Train(training.Epochs.Count + 1, training.Position);
        while (true)
        {
            var (trouble, ended) = TakeStep(training, pass, losses);
            if (trouble is not null)
                return trouble;
            if (ended)
                return training.Ledger.Flush();
            if (training.Step.Number % StepsBetweenCollections == 0)
                GC.Collect(0);                               // frees what of TorchSharp only finalizers free
            training.ReportStep();
            training.StepTaken?.Invoke();
        }
    }

    public void Dispose() => rule.Dispose();

    private (NotFinite? Trouble, bool Ended) TakeStep(TrainingContext training, IBatchPass pass, double[] losses)
    {
        using var scope = NewDisposeScope();
        if (!pass.TryNext(out var batch))
            return (null, true);
        training.LearningRate = training.Options.LearningRate * training.Options.Schedule.Factor(
            new(training.Step.Number, training.PlannedSteps, losses));
        training.Begin(training.Step.Number + 1, isTraining: true);
        long count = batch.Count;
        var loss = training.LossOf(batch);
        // The terms first: where one is no number, it says more than their sum.
        if (training.Ledger.Add(training.Step.Number, count, [.. training.Step.Terms, new(LossLedger.Loss, loss)])
            is { } trouble)
        {
            return (trouble, false);
        }
        training.Objective.Module.zero_grad();
        loss.backward();
        training.Position += count;
        return (Move(training, count), false);
    }

    /// <summary>Moves the parameters along their gradients.</summary>
    private NotFinite? Move(TrainingContext training, long count)
    {
        using var gradients = no_grad();
        var values = training.Parameters.Values;
        var touched = new List<int>(values.Length);
        var slopes = new List<Tensor>(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i].grad is not { } slope)
                continue;
            touched.Add(i);
            slopes.Add(slope);
        }
        if (touched.Count == 0)
            return null;
        Tensor[] list = [.. slopes];
        var norm = FusedKernels.Norm(list);
        if (training.Ledger.Add(training.Step.Number, count, [new(LossLedger.GradientNorm, norm)]) is { } trouble)
            return trouble;
        if (training.Options.ClipNorm is { } limit)
            FusedKernels.Clip(list, norm, limit);
        rule.Step([.. touched], list, training.LearningRate);
        if (training.Average is { } average)
        {
            double t = training.Step.Number, decay = Math.Min(training.Options.AverageDecay!.Value, (1 + t) / (10 + t));
            FusedKernels.Average(average.Values, values, 1 - decay);
        }
        return null;
    }
}
