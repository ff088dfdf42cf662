namespace ProbML.GaussianProcesses;

/// <summary>Fits a Gaussian process under a likelihood that is not normal: maximum approximate evidence, then its posterior.</summary>
internal static class ApproximateFit
{
    /// <summary>K, the factor, what of K it explains, and the factor's inverse.</summary>
    private const int Matrices = 5;

    public static GaussianProcessFit Run(
        Design design, GaussianProcessOptions options, PosteriorApproximation approximation, TrainingMonitor monitor)
    {
        if (options.Likelihood is not LatentLikelihood given)
            throw new InvalidOperationException(
                $"{approximation} inference is for likelihoods that are not normal; a normal one needs none: choose "
                + "GaussianProcessInference.Exact, or another likelihood.");
        var rows = GaussianProcessRows.Read(design, options, given.ScalesTarget, Matrices, monitor, given);
        var (likelihood, mean) = Start(given, rows, options, design);
        var kernel = options.Kernel.ForFeatures(design.FeatureCount);
        double variance = given.ScalesTarget ? rows.TargetVariance : 1;
        var space = new HyperparameterSpace(
            kernel,
            [.. likelihood.Hyperparameters(), MeanConstant(mean, options)],
            options.Hyperparameters,
            rows.Spread,
            variance);
        var found = options.Optimize
            ? Search(space, likelihood, rows, approximation, options, monitor) ?? throw new InvalidOperationException(
                $"The posterior of {rows.Count} rows under {kernel} and {likelihood} has no approximation at any start of the search. "
                + "Give other starting values, or add a white kernel.")
            : null;
        double[] free = found?.Free ?? space.Start;
        var posterior = At(space, likelihood, rows, approximation, options, free, null, gradient: false);
        if (found is null)
            monitor.Report(new(approximation.ToString(), posterior.Iterations, -posterior.LogEvidence, rows.Count, TimeSpan.Zero));
        if (!posterior.Converged)
            monitor.Warning?.Invoke($"The {approximation} approximation of the posterior did not converge; its numbers are not to be relied on.");
        if (found is { Converged: false })
            monitor.Warning?.Invoke(
                $"The search for hyperparameters did not converge in {options.MaximumIterations} iterations. Raise MaximumIterations.");
        return new()
        {
            Posterior = posterior.Latent,
            Likelihood = posterior.Likelihood,
            Scaling = rows.Scaling,
            Summary = new()
            {
                Rows = rows.Count,
                LogMarginalLikelihood = posterior.LogEvidence - rows.WeightSum * Math.Log(rows.Scaling.TargetScale),
                IsApproximate = true,
                Converged = posterior.Converged && (found?.Converged ?? true),
                Evaluations = found?.Evaluations ?? 1,
                Starts = found?.Starts ?? [],
                AtBound = found is null ? [] : space.AtBound(free),
            },
        };
    }

    /// <summary>The hyperparameters of maximum evidence; null: there is none at any start.</summary>
    public static HyperparameterOptimum? Search(
        HyperparameterSpace space, LatentLikelihood likelihood, GaussianProcessRows rows, PosteriorApproximation approximation,
        GaussianProcessOptions options, TrainingMonitor monitor) => HyperparameterSearch.MaximiseByRows(
            space, rows, of => Evidence(space, likelihood, of, approximation, options), options, monitor);

    /// <summary>m of a latent function.</summary>
    public static Hyperparameter MeanConstant(double mean, GaussianProcessOptions options)
    {
        double reach = options.LearnMean ? 20 : 0;
        return new("mean_constant", mean, mean - reach, mean + reach, IsLogarithmic: false);
    }

    /// <summary>What the responses say of likelihood and mean, before any search.</summary>
    /// <param name="given">The likelihood as it was asked for.</param>
    /// <param name="rate">The scaled response's weighted mean, or Σ ω y / Σ ω e^offset.</param>
    /// <param name="deviation">Its standard deviation.</param>
    /// <param name="options">Whether a mean is learnt.</param>
    public static (LatentLikelihood Likelihood, double Mean) Start(
        LatentLikelihood given, double rate, double deviation, GaussianProcessOptions options) => given is ResponseLikelihood response
            ? (response.ForSpread(deviation), options.LearnMean ? response.StartMean(rate) : 0)
            : (given, 0);

    /// <summary>That a classifier has rows of one class alone.</summary>
    public static InvalidOperationException OneClass(Design design, long rows, double label) => new(
        $"All {rows} labels in '{design.ResponseName}' are {design.DescribeResponse(label) ?? $"{label}"}: "
        + "a classifier needs rows of both classes.");

    private static (LatentLikelihood Likelihood, double Mean) Start(
        LatentLikelihood given, GaussianProcessRows rows, GaussianProcessOptions options, Design design)
    {
        double sum = 0, exposure = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            double weight = rows.Weights.Length == 0 ? 1 : rows.Weights[i];
            sum += weight * rows.Y[i];
            exposure += weight * (rows.Offsets.Length == 0 ? 1 : Math.Exp(rows.Offsets[i]));
        }
        if (given is not ResponseLikelihood && rows.IsConstant)
            throw OneClass(design, rows.Count, rows.Y[0]);
        return given is OrdinalLikelihood ordinal
            ? (ordinal.ForClasses(rows.Y, rows.Weights), 0)
            : Start(given, sum / exposure, Math.Sqrt(rows.TargetVariance), options);
    }

    private static HyperparameterSearch.Objective Evidence(
        HyperparameterSpace space,
        LatentLikelihood likelihood,
        GaussianProcessRows rows,
        PosteriorApproximation approximation,
        GaussianProcessOptions options)
    {
        ApproximatePosterior? near = null;
        return (free, gradient) =>
        {
            ApproximatePosterior posterior;
            try
            {
                posterior = At(space, likelihood, rows, approximation, options, free, near, gradient: true);
            }
            catch (InvalidOperationException)             // no posterior here: the search takes a shorter step
            {
                return double.NaN;
            }
            near = posterior.Converged ? posterior : null;
            var slopes = posterior.Gradient();
            int k = 0;
            foreach (double slope in slopes.Kernel)
                gradient[k++] = slope;
            foreach (double slope in slopes.Likelihood)
                gradient[k++] = slope;
            gradient[k] = slopes.MeanConstant;
            return posterior.LogEvidence;
        };
    }

    private static ApproximatePosterior At(
        HyperparameterSpace space,
        LatentLikelihood likelihood,
        GaussianProcessRows rows,
        PosteriorApproximation approximation,
        GaussianProcessOptions options,
        ReadOnlySpan<double> free,
        ApproximatePosterior? near,
        bool gradient)
    {
        var kernel = space.KernelAt(free);
        int count = likelihood.ParameterNames.Count;
        return ApproximatePosterior.Condition(
            kernel,
            count == 0 ? likelihood : likelihood.With(free.Slice(kernel.ParameterCount, count)),
            rows.X,
            new LatentRows(rows.Y, rows.Weights.Length == 0 ? null : rows.Weights, rows.Offsets.Length == 0 ? null : rows.Offsets),
            approximation,
            space.Other(free, count),
            options.Threads,
            near,
            gradient);
    }
}
