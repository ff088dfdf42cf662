namespace ProbML.GaussianProcesses;

/// <summary>Fits a Gaussian process: y ~ p(y | m + f(x)), f ~ GP(0, k).</summary>
/// <remarks>Rasmussen &amp; Williams (2006), ch. 2 and 5. Hyperparameters are those of maximum marginal likelihood.</remarks>
public sealed class GaussianProcessFitter : IFitter<GaussianProcessModel>
{
    private readonly GaussianProcessOptions options;
    private readonly PredictionTask task;

    /// <summary>A fitter for the options.</summary>
    /// <param name="options">Kernel, likelihood and how they are fitted; null: an RBF kernel with a lengthscale a feature.</param>
    /// <param name="task">Regression, or two classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or does not go with the task.</exception>
    public GaussianProcessFitter(GaussianProcessOptions? options = null, PredictionTask task = PredictionTask.Regression) =>
        (this.options, this.task) = ((options ?? new()).For(task), task);

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => options.Acquisition is { } promised
        ? [.. BayesianColumns.Of(task), .. new FittedAcquisition(promised.Columns, promised.Maximise, 0).Outputs]
        : BayesianColumns.Of(task);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The kernel does not go with the features, or a rule names no hyperparameter.</exception>
    public GaussianProcessModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        var fit = options.Inference!.Fit(design, options, monitor);
        GaussianProcessModel model = new(
            [.. design.FeatureNames], design.ResponseName, options.Inference.ToString()!, options.Level, fit);
        return options.Acquisition is { } promised
            ? model.With(new FittedAcquisition(
                promised.Columns, promised.Maximise, promised.Best ?? FittedAcquisition.Incumbent(model, design, promised.Maximise, monitor)))
            : model;
    }
}
