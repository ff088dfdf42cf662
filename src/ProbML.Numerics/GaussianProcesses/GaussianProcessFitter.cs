namespace ProbML.GaussianProcesses;

/// <summary>Fits a Gaussian process to a real response: y = m + f(x) + e, f ~ GP(0, k).</summary>
/// <remarks>Rasmussen &amp; Williams (2006), ch. 2 and 5. Hyperparameters are those of maximum marginal likelihood.</remarks>
public sealed class GaussianProcessFitter : IFitter<GaussianProcessModel>
{
    private readonly GaussianProcessOptions options;

    /// <summary>A fitter for the options.</summary>
    /// <param name="options">Kernel, likelihood and how they are fitted; null: an RBF kernel with a lengthscale a feature.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public GaussianProcessFitter(GaussianProcessOptions? options = null)
    {
        this.options = options ?? new();
        this.options.Validate();
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => BayesianColumns.Of(PredictionTask.Regression);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The kernel does not go with the features, or a rule names no hyperparameter.</exception>
    public GaussianProcessModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        var fit = options.Inference.Fit(design, options, monitor);
        return new([.. design.FeatureNames], design.ResponseName, options.Inference.ToString(), options.Level, fit);
    }
}
