using System.Diagnostics;

namespace ProbML.Fitting;

/// <summary>What it takes to fit the model at one λ exactly, with all that a fitted model knows.</summary>
internal sealed record PathRefit(
    Design Design,
    GlmOptions Options,
    GlmPathOptions Path,
    PredictionTask Task,
    ResponseMoments Moments,
    RowTransform Transform,
    PathPenalty Penalty)
{
    /// <summary>The model at λ, by the algorithm of <see cref="GlmFitter"/> from a start near its end.</summary>
    public GlmModel Fit(double lambda, double[] near, TrainingMonitor monitor)
    {
        if (lambda == 0)
            return new GlmFitter(Options, Task).Fit(Design, monitor);
        var options = Options with
        {
            L1 = Moments.SumOfWeights * lambda * Path.Alpha,
            L2 = Moments.SumOfWeights * lambda * (1 - Path.Alpha),
        };
        bool newtonDiffers = !GlmFitter.HasConstantCurvature(options.Family!, options.Link!);
        var iteration = new GlmIteration(Design, options, false, newtonDiffers, monitor, Stopwatch.StartNew());
        var point = new GlmPoint(options.Family!, options.Link!, Transform, near);
        var estimate = iteration.Run(
            point, iteration.Evaluate(point, Information.Expected), Penalty.At(lambda, Moments.SumOfWeights), Moments.Rows);
        var model = new GlmSummary(Design, options, Moments, estimate, false, newtonDiffers, monitor).Build(Task, []);
        if (!model.Converged)
            monitor.Warning?.Invoke(
                $"The fit at the chosen lambda did not converge in {model.Statistics.Iterations} iterations. "
                + "Raise MaximumIterations, or choose a larger lambda.");
        return model;
    }
}
