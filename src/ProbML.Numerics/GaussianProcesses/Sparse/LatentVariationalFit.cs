namespace ProbML.GaussianProcesses;

/// <summary>Fits a sparse Gaussian process under a likelihood that is not normal to a stream of rows.</summary>
/// <remarks>Hensman, Matthews &amp; Ghahramani (2015), Scalable Variational Gaussian Process Classification, §3.</remarks>
internal static class LatentVariationalFit
{
    /// <summary>Searches on a sample by Laplace's approximation, then by batches, and at last puts q(u) at its optimum.</summary>
    public static GaussianProcessFit Run(
        StochasticVariationalInference inference, Design design, GaussianProcessOptions options, TrainingMonitor monitor)
    {
        var given = (LatentLikelihood)options.Likelihood!;
        var rows = StreamedRows.Read(design, options, SparseFit.SampleSize(inference.InducingInputs), monitor, given);
        if (given is not ResponseLikelihood && rows.Sample.IsConstant)
            throw ApproximateFit.OneClass(design, rows.Count, rows.Sample.Y[0]);
        double variance = rows.Sample.TargetVariance;
        var (likelihood, mean) = ApproximateFit.Start(given, rows.Rate, Math.Sqrt(variance), options);
        var search = new SparseSearch
        {
            Rows = rows.Rows,
            Sample = rows.Sample.X,
            RowCount = rows.Count,
            Kernel = options.Kernel.ForFeatures(design.FeatureCount),
            Likelihood = [.. likelihood.Hyperparameters()],
            MeanConstant = ApproximateFit.MeanConstant(mean, options),
            Rules = options.Hyperparameters,
            Spread = rows.Sample.Spread,
            TargetVariance = given.ScalesTarget ? variance : 1,
            Random = monitor.CreateRandom(options.Seed),
            Threads = options.Threads,
            Monitor = monitor,
        };
        if (search.Kernel.WhiteDiagonal(new double[design.FeatureCount]) > 0)
            throw new InvalidOperationException(
                $"SVGP takes no white kernel, as there is in {search.Kernel}: leave it out, or choose an inference of all rows.");
        IReadOnlyList<double> starts = [];
        if (options.Optimize)
            (search, starts) = FromSubset(search, likelihood, rows.Sample, options);
        var found = options.Optimize
            ? StochasticClimb.Run(inference, search, new LatentLogDensity(likelihood))
            : Given(inference, search, likelihood);
        var best = VariationalOptimum.Find(
            found.Inducing, found.Likelihood, found.Q, found.MeanConstant, rows.Rows, options.Threads, monitor);
        if (!best.Converged)
            monitor.Warning?.Invoke(
                $"The variational posterior did not converge in {best.Passes} passes over the rows; its numbers are not to be relied on.");
        if (found.Inducing.Count < inference.InducingInputs)
            monitor.Information?.Invoke(SparseFit.Fewer(found.Inducing.Count, inference.InducingInputs));
        return new()
        {
            Posterior = found.Inducing.Posterior(Weights(found.Inducing, best.Q), best.Q.Factor, found.MeanConstant),
            Likelihood = ((LatentLogDensity)found.Likelihood).Likelihood,
            Scaling = rows.Scaling,
            Summary = new()
            {
                Rows = rows.Count,
                LogMarginalLikelihood = best.Bound - rows.WeightSum * Math.Log(rows.Scaling.TargetScale),
                IsApproximate = true,
                Converged = best.Converged,
                Evaluations = best.Passes + (options.Optimize ? inference.Steps : 0),
                Starts = starts,
                AtBound = options.Optimize ? found.AtBound : [],
            },
        };
    }

    /// <summary>α = L⁻ᵀ E v, [m].</summary>
    private static double[] Weights(InducingCovariance inducing, VariationalNormal q)
    {
        double[] alpha = [.. q.Mean];
        LinearAlgebra.TriangularSolve.Backward(inducing.Factor, inducing.Count, inducing.Count, alpha);
        return alpha;
    }

    /// <summary>Hyperparameters as given, and q as it is before any row.</summary>
    private static StochasticOptimum Given(
        StochasticVariationalInference inference, SparseSearch search, LatentLikelihood likelihood)
    {
        var z = StochasticClimb.Choose(inference, search);
        return new(
            InducingCovariance.Create(search.Kernel, z, inference.Jitter, search.Threads), new LatentLogDensity(likelihood),
            search.MeanConstant.Start, VariationalNormal.Prior(z.Rows, search.Threads), []);
    }

    /// <summary>The search that begins where Laplace's evidence of a subset is greatest; of one class alone: where it was.</summary>
    private static (SparseSearch Search, IReadOnlyList<double> Starts) FromSubset(
        SparseSearch search, LatentLikelihood likelihood, GaussianProcessRows sample, GaussianProcessOptions options)
    {
        var some = sample.Count > options.RestartRows ? sample.Subset(options.RestartRows, search.Random) : sample;
        var space = search.Space(null);
        if (some.Y.Distinct().Count() < 2
            || ApproximateFit.Search(space, likelihood, some, PosteriorApproximation.Laplace, options, search.Monitor) is not { } found)
        {
            return (search, []);
        }
        return (
            search with
            {
                Kernel = space.KernelAt(found.Free),
                Likelihood = [.. search.Likelihood.Select((one, k) => one with { Start = space.Other(found.Free, k) })],
                MeanConstant = search.MeanConstant with { Start = space.Other(found.Free, search.Likelihood.Count) },
            },
            found.Starts);
    }
}
