using System.Diagnostics;
using ProbML.Optimization;

namespace ProbML.GaussianProcesses;

/// <summary>Fits a Gaussian process with normal noise by conjugate gradients.</summary>
internal static class ConjugateGradientFit
{
    private const double LastRate = 0.1;                  // of the learning rate, at the last step

    public static GaussianProcessFit Run(
        ConjugateGradientInference inference, Design design, GaussianProcessOptions options, TrainingMonitor monitor)
    {
        if (options.Likelihood is not GaussianNoise likelihood)
            throw new InvalidOperationException(
                $"Inference by {inference} needs a Gaussian likelihood, not {options.Likelihood}. Choose another inference.");
        if (likelihood is { IsFixed: true, NoiseVariance: 0 })
            throw new InvalidOperationException(
                $"Inference by {inference} needs a noise variance above zero. Choose exact inference, or a small noise variance.");
        var rows = GaussianProcessRows.Read(design, options, standardizeTarget: true, matrices: 0, monitor);
        if (options.Optimize && rows.IsConstant)
            throw GaussianProcessRows.Constant(design, rows.Count);
        double variance = rows.TargetVariance;
        var random = monitor.CreateRandom(options.Seed);
        var space = new HyperparameterSpace(
            options.Kernel.ForFeatures(design.FeatureCount),
            [
                Hyperparameter.Noise(likelihood.Start(variance), variance, likelihood.IsFixed),
                Hyperparameter.MeanConstant(0, variance, !options.LearnMean),
            ],
            options.Hyperparameters,
            rows.Spread,
            variance);
        using var device = options.Device?.Open(rows.X, monitor);
        var (free, starts) = options.Optimize ? Search(inference, space, rows, options, random, monitor, device) : (space.Start, []);
        var posterior = At(
            space, free, rows, new(inference.PreconditionerRank, inference.Probes, inference.Tolerance, inference.MaximumIterations),
            random, options, monitor, device);
        monitor.Report(new("Conjugate gradients", 1 + inference.Steps, -posterior.LogMarginalLikelihood, rows.Count, TimeSpan.Zero));
        bool converged = posterior.Residual <= inference.Tolerance;
        if (!converged)
            monitor.Warning?.Invoke(
                $"Conjugate gradients left a relative residual of {posterior.Residual:G3} after {posterior.Iterations} iterations, above "
                + $"{inference.Tolerance:G3}. Raise PreconditionerRank, MaximumIterations or the noise variance.");
        return new()
        {
            Posterior = posterior.ToLatentPosterior(inference.VarianceRank, monitor),
            Likelihood = new GaussianNoise(space.Other(free, 0), true),
            Scaling = rows.Scaling,
            Summary = new()
            {
                Rows = rows.Count,
                LogMarginalLikelihood = posterior.LogMarginalLikelihood - rows.Count * Math.Log(rows.Scaling.TargetScale),
                IsApproximate = true,
                Converged = converged,
                Evaluations = 1 + (options.Optimize ? inference.Steps : 0),
                Starts = starts,
                AtBound = options.Optimize ? space.AtBound(free) : [],
            },
        };
    }

    private static (double[] Free, IReadOnlyList<double> Starts) Search(
        ConjugateGradientInference inference, HyperparameterSpace space, GaussianProcessRows rows, GaussianProcessOptions options,
        Random random, TrainingMonitor monitor, CovarianceMatrix? device)
    {
        var watch = Stopwatch.StartNew();
        var some = rows.Count > options.RestartRows ? rows.Subset(options.RestartRows, random) : rows;
        var (found, _) = ExactFit.Search(space, some, options, monitor);
        double[] free = [.. found.Free];
        if (some == rows)
            return (free, found.Starts);                      // the exact optimum already
        var rule = new ConjugateGradientRule(
            inference.PreconditionerRank, inference.Probes, inference.SearchTolerance, inference.MaximumIterations);
        var adam = new Adam(free.Length);
        for (int step = 1; step <= inference.Steps; step++)
        {
            var posterior = At(space, free, rows, rule, random, options, monitor, device);
            var by = posterior.Gradient();
            double[] gradient = [.. by.Kernel, by.LogNoiseVariance, by.MeanConstant];
            double value = posterior.LogMarginalLikelihood + space.LogPrior(free, gradient);
            monitor.Report(new("Conjugate gradients", step, -value, (long)step * rows.Count, watch.Elapsed));
            for (int k = 0; k < gradient.Length; k++)
                gradient[k] = double.IsFinite(gradient[k]) ? -gradient[k] : 0;
            adam.Step(free, gradient, inference.LearningRate * Math.Pow(LastRate, (step - 1.0) / Math.Max(1, inference.Steps - 1)));
            for (int k = 0; k < free.Length; k++)
                free[k] = Math.Clamp(free[k], space.Lower[k], space.Upper[k]);
        }
        return (free, found.Starts);
    }

    private static ConjugateGradientPosterior At(
        HyperparameterSpace space, double[] free, GaussianProcessRows rows, ConjugateGradientRule rule,
        Random random, GaussianProcessOptions options, TrainingMonitor monitor, CovarianceMatrix? device) => ConjugateGradientPosterior.Condition(
            rule, space.KernelAt(free), space.Other(free, 0), (rows.X, rows.Y, rows.Weights), space.Other(free, 1), random, options.Threads,
            monitor, device);
}
