namespace ProbML.GaussianProcesses;

/// <summary>Fits a process with noise that changes with x: exactly with constant noise first, then the variational bound.</summary>
internal static class HeteroscedasticFit
{
    /// <summary>K_g, two states' factors of K_f + R and of the sites, an inverse, and what the gradient holds.</summary>
    private const int Matrices = 9;

    /// <summary>The largest variance of ln noise, and a ten-thousandth of it, about which its limits lie.</summary>
    private const double LogVarianceUnit = 0.01;

    public static GaussianProcessFit Run(Design design, GaussianProcessOptions options, TrainingMonitor monitor)
    {
        var given = (HeteroscedasticLikelihood)options.Likelihood!;
        var noiseKernel = given.NoiseKernel.ForFeatures(design.FeatureCount);
        if (noiseKernel.WhiteDiagonal(new double[design.FeatureCount]) > 0)
            throw new InvalidOperationException(
                $"The logarithm of the noise has no white kernel, as there is in {noiseKernel}: leave it out of NoiseKernel.");
        var rows = GaussianProcessRows.Read(design, options, standardizeTarget: true, Matrices, monitor);
        if (options.Optimize && rows.IsConstant)
            throw GaussianProcessRows.Constant(design, rows.Count);
        var start = Start(given, rows, options, design, noiseKernel, monitor);
        var space = Space(start, rows, options);
        (double[], double[])? near = null;
        var found = options.Optimize
            ? HyperparameterSearch.Maximise(
                space, Objective, options.SearchRule(0, monitor.CreateRandom(options.Seed)), monitor, rows.Count)
            : null;
        double[] free = found?.Free ?? space.Start;
        var posterior = HeteroscedasticPosterior.TryCondition(At(free), near) ?? throw new InvalidOperationException(
            $"The covariance of {rows.Count} rows under {start.Kernel} with noise that changes under {noiseKernel} is not positive definite to "
            + "double precision: rows repeat, or lengthscales are far too long. Give other starting values.");
        if (found is null)
            monitor.Report(new("Variational", 1, -posterior.Bound, rows.Count, TimeSpan.Zero));
        if (!posterior.Converged || found is { Converged: false })
            monitor.Warning?.Invoke(
                $"The search for hyperparameters did not converge in {options.MaximumIterations} iterations. Raise MaximumIterations.");
        return new()
        {
            Posterior = posterior.Latent,
            Likelihood = HeteroscedasticLikelihood.Of(posterior.LogNoise),
            Scaling = rows.Scaling,
            Summary = new()
            {
                Rows = rows.Count,
                LogMarginalLikelihood = posterior.Bound - rows.Count * Math.Log(rows.Scaling.TargetScale),
                IsApproximate = true,
                Converged = posterior.Converged && (found?.Converged ?? true),
                Evaluations = found?.Evaluations ?? 1,
                Starts = found?.Starts ?? [],
                AtBound = found is null ? [] : space.AtBound(free),
            },
        };

        HeteroscedasticProblem At(ReadOnlySpan<double> at)
        {
            var kernel = space.KernelAt(at);
            return new(
                kernel, space.Other(at, 0), noiseKernel.With(at[(kernel.ParameterCount + 2)..]), space.Other(at, 1), rows.X, rows.Y,
                rows.Weights, options.Threads);
        }

        double Objective(ReadOnlySpan<double> at, Span<double> gradient)
        {
            if (HeteroscedasticPosterior.TryCondition(At(at), near) is not { } here)
                return double.NaN;
            near = here.Converged ? here.Sites : near;
            var by = here.Gradient();
            double[] all = [.. by.Kernel, by.MeanConstant, by.NoiseMean, .. by.NoiseKernel];
            all.CopyTo(gradient);
            return here.Bound;
        }
    }

    /// <summary>Where the search starts: the optimum of constant noise, or what was given.</summary>
    private static HeteroscedasticProblem Start(
        HeteroscedasticLikelihood given, GaussianProcessRows rows, GaussianProcessOptions options, Design design, Kernel noiseKernel,
        TrainingMonitor monitor)
    {
        var kernel = options.Kernel.ForFeatures(design.FeatureCount);
        double variance = rows.TargetVariance, noise = given.NoiseVariance ?? 0.1 * variance, mean = 0;
        if (options.Optimize)
        {
            Hyperparameter[] others =
                [Hyperparameter.Noise(noise, variance, isFixed: false), Hyperparameter.MeanConstant(0, variance, !options.LearnMean)];
            var rules = options.Hyperparameters.Only([.. kernel.ParameterNames, .. others.Select(one => one.Name)]);
            var space = new HyperparameterSpace(kernel, others, rules, rows.Spread, variance);
            var (found, _) = ExactFit.Search(space, rows, options, monitor);
            (kernel, noise, mean) = (space.KernelAt(found.Free), space.Other(found.Free, 0), space.Other(found.Free, 1));
        }
        return new(kernel, mean, noiseKernel, Math.Log(noise), rows.X, rows.Y, rows.Weights, options.Threads);
    }

    /// <summary>k_f, m, ln σ² and k_g.</summary>
    private static HyperparameterSpace Space(HeteroscedasticProblem start, GaussianProcessRows rows, GaussianProcessOptions options)
    {
        double variance = rows.TargetVariance, least = Math.Log(1e-7 * variance), most = Math.Log(100 * variance);
        double[] free = start.NoiseKernel.FreeParameters();
        List<Hyperparameter> others =
        [
            Hyperparameter.MeanConstant(start.MeanConstant, variance, !options.LearnMean),
            new("noise_mean", start.NoiseMean, Math.Min(least, start.NoiseMean), Math.Max(most, start.NoiseMean), IsLogarithmic: false),
            .. start.NoiseKernel.ParameterNames.Select((name, k) =>
                HyperparameterSpace.OfKernel(HeteroscedasticLikelihood.Prefixed(name), free[k], rows.Spread, LogVarianceUnit)),
        ];
        return new(start.Kernel, others, options.Hyperparameters, rows.Spread, variance);
    }
}
