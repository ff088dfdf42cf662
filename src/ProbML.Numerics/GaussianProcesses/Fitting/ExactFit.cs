namespace ProbML.GaussianProcesses;

/// <summary>Fits a Gaussian process with normal noise exactly: maximum marginal likelihood, then the posterior of all rows.</summary>
internal static class ExactFit
{
    /// <summary>The factor and the inverse.</summary>
    private const int Matrices = 2;

    public static GaussianProcessFit Run(Design design, GaussianProcessOptions options, TrainingMonitor monitor)
    {
        if (options.Likelihood is not GaussianNoise likelihood)
            throw new InvalidOperationException(
                $"Exact inference needs a Gaussian likelihood, not {options.Likelihood}. Choose another inference.");
        int matrices = options.Device is null ? Matrices : 1;        // on a device the factor alone comes to the host
        var rows = GaussianProcessRows.Read(design, options, standardizeTarget: true, matrices, monitor);
        if (options.Optimize && rows.IsConstant)
            throw GaussianProcessRows.Constant(design, rows.Count);
        var kernel = options.Kernel.ForFeatures(design.FeatureCount);
        double variance = rows.TargetVariance;
        var space = new HyperparameterSpace(
            kernel,
            [
                Hyperparameter.Noise(likelihood.Start(variance), variance, likelihood.IsFixed),
                Hyperparameter.MeanConstant(0, variance, !options.LearnMean),
            ],
            options.Hyperparameters,
            rows.Spread,
            variance);
        using var memory = new ExactMemory(rows.Count, options, monitor);
        var (found, part) = options.Optimize ? Search(space, rows, options, monitor, memory) : (null, 0.0);
        double[] free = found?.Free ?? space.Start;
        var posterior = Condition(space, free, rows, part, memory, options.Threads);
        using var factor = posterior.Factor;
        if (found is null)
            monitor.Report(new("Cholesky", 1, -posterior.LogMarginalLikelihood, rows.Count, TimeSpan.Zero));
        Warn(posterior, found, options, monitor);
        double scale = rows.Scaling.TargetScale, shift = rows.Count * Math.Log(scale);
        var (mean, _, density) = posterior.LeaveOneOut();
        double squares = mean.Zip(rows.Y, (predicted, y) => (y - predicted) * (y - predicted)).Average();
        return new()
        {
            Posterior = posterior.ToLatent(),
            Likelihood = new GaussianNoise(posterior.NoiseVariance, true),
            Scaling = rows.Scaling,
            Summary = new()
            {
                Rows = rows.Count,
                LogMarginalLikelihood = posterior.LogMarginalLikelihood - shift,
                Jitter = posterior.Jitter,
                Converged = found?.Converged ?? true,
                Evaluations = found?.Evaluations ?? 1,
                Starts = found?.Starts ?? [],
                AtBound = found is null ? [] : space.AtBound(free),
                LeaveOneOutLogDensity = density - shift,
                LeaveOneOutRootMeanSquaredError = scale * Math.Sqrt(squares),
            },
        };
    }

    /// <summary>The best hyperparameters, and the jitter that every covariance on the way needed.</summary>
    internal static (HyperparameterOptimum Found, double JitterPart) Search(
        HyperparameterSpace space, GaussianProcessRows rows, GaussianProcessOptions options, TrainingMonitor monitor,
        ExactMemory? kept = null)
    {
        using var own = kept is null ? new ExactMemory(rows.Count, options, monitor) : null;
        var memory = kept ?? own!;
        foreach (double part in ExactPosterior.Jitters)
        {
            var found = HyperparameterSearch.MaximiseByRows(space, rows, of => Evidence(of, part), options, monitor);
            if (found is not null)
                return (found, part);
        }
        throw new InvalidOperationException(
            $"The covariance of {rows.Count} rows is not positive definite to double precision at any start of the search: rows repeat "
            + "without noise, or lengthscales are far too long. Add noise or a white kernel, or give other starting values.");

        HyperparameterSearch.Objective Evidence(GaussianProcessRows of, double part) => (free, gradient) =>
        {
            var (kernel, noise, mean) = At(space, free);
            var posterior = ExactPosterior.TryCondition(
                kernel, noise, of.X, of.Y, of.Weights, mean, options.Threads, memory.Factorise(kernel, of.X, part));
            if (posterior is null)
                return double.NaN;
            using var factor = posterior.Factor;
            var slopes = posterior.Gradient();
            for (int k = 0; k < slopes.Kernel.Count; k++)
                gradient[k] = slopes.Kernel[k];
            (gradient[^2], gradient[^1]) = (slopes.LogNoiseVariance, slopes.MeanConstant);
            return posterior.LogMarginalLikelihood;
        };
    }

    private static ExactPosterior Condition(
        HyperparameterSpace space, double[] free, GaussianProcessRows rows, double part, ExactMemory memory, int threads)
    {
        var (kernel, noise, mean) = At(space, free);
        foreach (double jitter in ExactPosterior.Jitters.Where(one => one >= part))
        {
            if (ExactPosterior.TryCondition(
                kernel, noise, rows.X, rows.Y, rows.Weights, mean, threads, memory.Factorise(kernel, rows.X, jitter)) is { } posterior)
            {
                return posterior;
            }
        }
        throw new InvalidOperationException(
            $"The covariance of {rows.Count} rows under {kernel} with noise variance {noise:G4} is not positive definite to double "
            + "precision: rows repeat, or lengthscales are far too long. Add noise, or a white kernel.");
    }

    private static (Kernel Kernel, double Noise, double Mean) At(HyperparameterSpace space, ReadOnlySpan<double> free) =>
        (space.KernelAt(free), space.Other(free, 0), space.Other(free, 1));

    private static void Warn(
        ExactPosterior posterior, HyperparameterOptimum? found, GaussianProcessOptions options, TrainingMonitor monitor)
    {
        if (posterior.Jitter > 0)
            monitor.Warning?.Invoke(
                $"{posterior.Jitter:G3} had to be added to the covariance's diagonal: rows repeat, or lengthscales are very long. The fit "
                + "has so much more noise than was asked for.");
        if (found is { Converged: false })
            monitor.Warning?.Invoke(
                $"The search for hyperparameters did not converge in {options.MaximumIterations} iterations. Raise MaximumIterations.");
    }

    /// <summary>Where factors are made: in two matrices that every evaluation uses again, or on a device.</summary>
    internal sealed class ExactMemory(int rows, GaussianProcessOptions options, TrainingMonitor monitor) : IDisposable
    {
        private readonly double[] factor = options.Device is null ? new double[rows * rows] : [];
        private readonly double[] inverse = options.Device is null ? new double[rows * rows] : [];
        private CovarianceMatrix? matrix;

        /// <summary>Makes a factor of these inputs.</summary>
        public Func<double[], CovarianceFactor?> Factorise(Kernel kernel, InputColumns x, double jitterPart)
        {
            if (options.Device is not { } device)
                return ExactPosterior.Managed(kernel, x, jitterPart, factor, inverse, options.Threads);
            if (matrix?.X != x)
            {
                matrix?.Dispose();
                matrix = null;
                matrix = device.Open(x, monitor);
            }
            return noise => matrix.Factor(kernel, noise, jitterPart);
        }

        public void Dispose() => matrix?.Dispose();
    }
}
