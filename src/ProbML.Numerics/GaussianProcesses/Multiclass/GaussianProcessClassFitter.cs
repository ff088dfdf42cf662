using ProbML.Fitting;

namespace ProbML.GaussianProcesses;

/// <summary>Fits a Gaussian process to K classes by Laplace's approximation: softmax of K functions with one kernel.</summary>
/// <remarks>Rasmussen &amp; Williams (2006), §3.5. Hyperparameters are those of maximum approximate evidence.</remarks>
public sealed class GaussianProcessClassFitter : IFitter<GaussianProcessClassModel>
{
    private readonly string[] classNames;
    private readonly GaussianProcessOptions options;

    /// <summary>A fitter for these classes.</summary>
    /// <param name="classNames">[K], K ≥ 2.</param>
    /// <param name="options">Kernel and how it is fitted; null: an RBF kernel with a lengthscale a feature.</param>
    /// <exception cref="ArgumentException">Fewer than two classes, or one twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or does not go with classes.</exception>
    public GaussianProcessClassFitter(IReadOnlyList<string> classNames, GaussianProcessOptions? options = null)
    {
        this.classNames = ClassCounts.Check(classNames);
        this.options = options ?? new();
        this.options.Validate();
        this.options.RefuseRegressionOptions();
        if (this.options.Likelihood is not null)
            throw new ArgumentOutOfRangeException(
                nameof(options), this.options.Likelihood, "Classes are tied to functions by softmax: leave Likelihood out.");
        if (this.options.Inference is not (null or ApproximateInference { Approximation: PosteriorApproximation.Laplace }))
            throw new ArgumentOutOfRangeException(
                nameof(options), this.options.Inference, "Several classes have Laplace's approximation alone: leave Inference out.");
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => ClassScores.Columns(classNames.Length);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The kernel does not go with the features, or a rule names no hyperparameter.</exception>
    public GaussianProcessClassModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        int classes = classNames.Length;
        ClassCounts.Of(design, classNames, monitor, options.NumberOfThreads);
        var rows = GaussianProcessRows.Read(design, options, standardizeTarget: false, matrices: 3 * classes + 5, monitor);
        var kernel = options.Kernel.ForFeatures(design.FeatureCount);
        var space = new HyperparameterSpace(kernel, [], options.Hyperparameters, rows.Spread, 1);
        var found = options.Optimize
            ? HyperparameterSearch.MaximiseByRows(space, rows, of => Evidence(space, of), options, monitor)
                ?? throw new InvalidOperationException(
                    $"The posterior of {rows.Count} rows under {kernel} has no approximation at any start of the search. Give other "
                    + "starting values, or add a white kernel.")
            : null;
        double[] free = found?.Free ?? space.Start;
        var posterior = At(space, rows, free, null, gradient: false);
        if (found is null)
            monitor.Report(new("Laplace", posterior.Sites.Iterations, -posterior.LogEvidence, rows.Count, TimeSpan.Zero));
        if (!posterior.Converged || found is { Converged: false })
            monitor.Warning?.Invoke(
                $"The search for hyperparameters did not converge in {options.MaximumIterations} iterations. Raise MaximumIterations.");
        return new(
            [.. design.FeatureNames],
            design.ResponseName,
            classNames,
            options.Level,
            rows.Scaling,
            new()
            {
                Rows = rows.Count,
                LogMarginalLikelihood = posterior.LogEvidence,
                IsApproximate = true,
                Converged = posterior.Converged && (found?.Converged ?? true),
                Evaluations = found?.Evaluations ?? 1,
                Starts = found?.Starts ?? [],
                AtBound = found is null ? [] : space.AtBound(free),
            },
            posterior.ToPredictor());
    }

    private HyperparameterSearch.Objective Evidence(HyperparameterSpace space, GaussianProcessRows rows)
    {
        SoftmaxPosterior? near = null;
        return (free, gradient) =>
        {
            try
            {
                var posterior = At(space, rows, free, near, gradient: true);
                near = posterior.Converged ? posterior : null;
                posterior.Gradient().CopyTo(gradient);
                return posterior.LogEvidence;
            }
            catch (InvalidOperationException)             // no posterior here: the search takes a shorter step
            {
                return double.NaN;
            }
        };
    }

    private SoftmaxPosterior At(
        HyperparameterSpace space, GaussianProcessRows rows, ReadOnlySpan<double> free, SoftmaxPosterior? near, bool gradient) =>
        SoftmaxPosterior.Condition(
            space.KernelAt(free), rows.X, new LatentRows(rows.Y, rows.Weights.Length == 0 ? null : rows.Weights),
            classNames.Length, options.Threads, near, gradient);
}
