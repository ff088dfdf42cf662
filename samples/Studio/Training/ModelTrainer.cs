using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.ML;

namespace ProbML.Studio;

/// <summary>Trains one model and judges it.</summary>
internal static class ModelTrainer
{
    private const int MostWarnings = 5;

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ModelResult Train(Setup setup, RowSplit split, ModelRun run, CancellationToken stop)
    {
        var ml = new MLContext(seed: 1);
        var warnings = new ConcurrentQueue<string>();
        var monitor = new TrainingMonitor
        {
            Cancellation = stop,
            Warning = warnings.Enqueue,
            Progress = new Teller(run),
            Seed = 1,
        };
        var training = setup.View(split.Training, stop);
        var model = run.Candidate.Pipeline(new(ml, setup, monitor)).Fit(training);
        stop.ThrowIfCancellationRequested();
        run.Tell("judging by the rows held out");
        var (scores, skipped) = Scores.Of(ml, setup, model.Transform(setup.View(split.HeldOut, stop)));
        stop.ThrowIfCancellationRequested();
        return new(
            ml, model, training.Schema, scores, skipped, SummaryOf(model), [.. warnings.Distinct().Take(MostWarnings)]);
    }

    /// <summary>What the last of our models in a pipeline prints of itself.</summary>
    private static string? SummaryOf(ITransformer model) => Steps(model)
        .OfType<ISingleFeaturePredictionTransformer<object>>()
        .Select(step => step.Model)
        .LastOrDefault(fitted => fitted.GetType().Namespace?.StartsWith(nameof(ProbML), StringComparison.Ordinal) == true)?
        .ToString();

    private static IEnumerable<ITransformer> Steps(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Steps) : [model];

    private sealed class Teller(ModelRun run) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => run.Tell(Text(value));
    }

    /// <summary>"Epoch, iteration 3, 25 % done, about 1:30 left, objective 12.5", as far as it is known.</summary>
    internal static string Text(in TrainingProgress progress)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{progress.Stage}, iteration {progress.Iteration:N0}");
        if (progress.Share is double share)
            text += string.Create(CultureInfo.InvariantCulture, $", {Math.Floor(100 * share):F0} % done");
        if (progress.Share is >= 0.01 and < 1 && progress.Remaining is { } left)
            text += $", about {Show.Time(left)} left";
        return double.IsNaN(progress.Objective)
            ? text
            : text + string.Create(CultureInfo.InvariantCulture, $", objective {progress.Objective:G6}");
    }
}
