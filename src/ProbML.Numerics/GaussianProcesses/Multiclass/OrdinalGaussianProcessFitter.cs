using ProbML.Fitting;

namespace ProbML.GaussianProcesses;

/// <summary>Fits a Gaussian process to K ordered classes: P(Y ≤ j) = F(τⱼ − f(x)), f ~ GP(0, k).</summary>
/// <remarks>Chu &amp; Ghahramani (2005), JMLR 6. Thresholds and kernel are those of maximum approximate evidence.</remarks>
public sealed class OrdinalGaussianProcessFitter : IFitter<GaussianProcessClassModel>
{
    private readonly string[] classNames;
    private readonly GaussianProcessOptions options;
    private readonly PosteriorApproximation approximation;
    private readonly ILinkFunction link;

    /// <summary>A fitter for these classes.</summary>
    /// <param name="classNames">[K], from the lowest to the highest.</param>
    /// <param name="options">Kernel, inference and so on; null: an RBF kernel with a lengthscale a feature, Laplace.</param>
    /// <param name="link">The inverse of F: logit or probit; null: logit.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or does not go with ordered classes.</exception>
    /// <exception cref="ArgumentException">The link is another one; fewer than two classes, or one twice.</exception>
    public OrdinalGaussianProcessFitter(
        IReadOnlyList<string> classNames, GaussianProcessOptions? options = null, ILinkFunction? link = null)
    {
        this.classNames = ClassCounts.Check(classNames);
        options ??= new();
        options.Validate();
        options.RefuseRegressionOptions();
        if (options.Likelihood is not null)
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Likelihood, "Ordered classes have a likelihood of their own: leave Likelihood out.");
        approximation = options.Inference switch
        {
            null => PosteriorApproximation.Laplace,
            ApproximateInference chosen => chosen.Approximation,
            var other => throw new ArgumentOutOfRangeException(
                nameof(options), other, $"The inference {other} does not go with ordered classes: leave it out."),
        };
        this.link = new OrdinalLikelihood([0.0], link).Link;
        this.options = options with { LearnMean = false };    // the first threshold stands for it
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => ClassScores.Columns(classNames.Length);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The kernel does not go with the features, or a rule names no hyperparameter.</exception>
    public GaussianProcessClassModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        ClassCounts.Of(design, classNames, monitor, options.NumberOfThreads);
        var likelihood = new OrdinalLikelihood(
            KernelVector.Create<double>([.. Enumerable.Range(0, classNames.Length - 1).Select(j => j - 0.5 * (classNames.Length - 2))]), link);
        var fit = ApproximateFit.Run(design, options with { Likelihood = likelihood }, approximation, monitor);
        return new(
            [.. design.FeatureNames], design.ResponseName, classNames, options.Level, fit.Scaling, fit.Summary,
            new OrdinalPredictor(fit.Posterior, (OrdinalLikelihood)fit.Likelihood));
    }
}
