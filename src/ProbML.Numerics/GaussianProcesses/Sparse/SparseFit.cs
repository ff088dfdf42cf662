namespace ProbML.GaussianProcesses;

/// <summary>Fits a sparse Gaussian process with normal noise to a stream of rows.</summary>
internal static class SparseFit
{
    /// <summary>Rows from which inducing inputs are chosen: enough of them, and for each.</summary>
    private const int LeastSample = 5_000, SamplePerInducing = 10;

    /// <summary>Searches, first on a sample and exactly, then by the inference.</summary>
    /// <param name="name">What messages call the inference.</param>
    /// <param name="inducing">How many inducing inputs are wanted.</param>
    /// <param name="search">The inference.</param>
    /// <param name="given">The inference at hyperparameters as they are.</param>
    /// <param name="sampled">Whether a sample is searched first though the rows be few.</param>
    /// <param name="design">The rows.</param>
    /// <param name="options">Everything else.</param>
    /// <param name="monitor">Progress, cancellation, warnings.</param>
    public static GaussianProcessFit Run(
        string name, int inducing, Func<SparseSearch, SparseOptimum> search, Func<SparseSearch, SparseOptimum> given, bool sampled,
        Design design, GaussianProcessOptions options, TrainingMonitor monitor)
    {
        if (options.Likelihood is not GaussianNoise likelihood)
            throw new InvalidOperationException(
                $"Inference by {name} needs a Gaussian likelihood, not {options.Likelihood}. Choose another inference.");
        if (likelihood is { IsFixed: true, NoiseVariance: 0 })
            throw new InvalidOperationException(
                $"Inference by {name} needs a noise variance above zero: without noise inducing inputs cannot stand for rows. Choose exact "
                + "inference, or a small noise variance.");
        var rows = StreamedRows.Read(design, options, SampleSize(inducing), monitor);
        if (options.Optimize && rows.Sample.IsConstant)
            throw GaussianProcessRows.Constant(design, rows.Count);
        double variance = rows.Sample.TargetVariance;
        var start = new SparseSearch
        {
            Rows = rows.Rows,
            Sample = rows.Sample.X,
            RowCount = rows.Count,
            Kernel = options.Kernel.ForFeatures(design.FeatureCount),
            Noise = Hyperparameter.Noise(likelihood.Start(variance), variance, likelihood.IsFixed),
            MeanConstant = Hyperparameter.MeanConstant(0, variance, !options.LearnMean),
            Rules = options.Hyperparameters,
            Spread = rows.Sample.Spread,
            TargetVariance = variance,
            Restarts = options.Restarts,
            Random = monitor.CreateRandom(options.Seed),
            Lbfgs = options.SearchRule(0, monitor.CreateRandom(options.Seed)).Lbfgs,
            Threads = options.Threads,
            Monitor = monitor,
        };
        IReadOnlyList<double> starts = [];
        if (options.Optimize && (sampled || rows.Count > options.RestartRows))
            (start, starts) = FromSubset(start, rows.Sample, options);
        var found = options.Optimize ? search(start) : given(start);
        if (!found.Converged)
            monitor.Warning?.Invoke(
                $"The search for hyperparameters did not converge in {options.MaximumIterations} iterations. Raise MaximumIterations.");
        if (found.Process.InducingInputs.Rows < inducing)
            monitor.Information?.Invoke(Fewer(found.Process.InducingInputs.Rows, inducing));
        return new()
        {
            Posterior = found.Posterior,
            Likelihood = new GaussianNoise(found.Process.NoiseVariance, true),
            Scaling = rows.Scaling,
            Summary = new()
            {
                Rows = rows.Count,
                LogMarginalLikelihood = found.Bound - rows.Count * Math.Log(rows.Scaling.TargetScale),
                IsApproximate = true,
                Converged = found.Converged,
                Evaluations = found.Evaluations,
                Starts = starts.Count > 0 ? starts : found.Starts,
                AtBound = options.Optimize ? found.AtBound : [],
            },
        };
    }

    /// <summary>The rows from which so many inducing inputs are chosen.</summary>
    public static int SampleSize(int inducing) => Math.Max(LeastSample, SamplePerInducing * inducing);

    /// <summary>That there are fewer inducing inputs than were asked for.</summary>
    public static string Fewer(int found, int wanted) => $"{found} inducing inputs, not {wanted}: the rows have no more to tell.";

    /// <summary>The search that begins where a subset's exact likelihood is greatest.</summary>
    private static (SparseSearch Search, IReadOnlyList<double> Starts) FromSubset(
        SparseSearch search, GaussianProcessRows sample, GaussianProcessOptions options)
    {
        var some = sample.Count > options.RestartRows ? sample.Subset(options.RestartRows, search.Random) : sample;
        var space = search.Space(null);
        var (found, _) = ExactFit.Search(space, some, options, search.Monitor);
        return (
            search with
            {
                Kernel = space.KernelAt(found.Free),
                Noise = search.Noise with { Start = space.Other(found.Free, 0) },
                MeanConstant = search.MeanConstant with { Start = space.Other(found.Free, 1) },
                Restarts = 0,
            },
            found.Starts);
    }
}
