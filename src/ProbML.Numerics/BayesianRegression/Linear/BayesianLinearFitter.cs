using System.Diagnostics;
using ProbML.Fitting;

namespace ProbML;

/// <summary>Fits Bayesian linear regression: y ~ N(β₀ + xᵀβ + offset, σ²/ω), exactly, from one pass over the rows.</summary>
/// <remarks>Bishop (2006), ch. 3; MacKay (1992); Tipping &amp; Faul (2003). Memory grows with the features' square alone.</remarks>
public sealed class BayesianLinearFitter : IFitter<BayesianLinearModel>
{
    private readonly BayesianLinearOptions options;

    /// <summary>A fitter for the options.</summary>
    /// <param name="options">The model and how it is fitted; null: precisions by maximum evidence.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">A prior does not go with the inference.</exception>
    public BayesianLinearFitter(BayesianLinearOptions? options = null)
    {
        this.options = options ?? new();
        this.options.Validate();
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => BayesianColumns.Of(PredictionTask.Regression);

    /// <inheritdoc/>
    public BayesianLinearModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        return Fit(design, Moments(design, monitor), monitor);
    }

    /// <summary>The model that the old rows and the new ones give together: the posterior becomes the prior.</summary>
    /// <remarks>The model keeps its moments, not its rows; up to rounding it is the model of all rows at once.</remarks>
    /// <param name="model">A fitted model; its own options say how it is fitted.</param>
    /// <param name="design">The new rows, of the same features.</param>
    /// <param name="monitor">Progress and cancellation; null: none.</param>
    /// <exception cref="ArgumentException">The features are others.</exception>
    public static BayesianLinearModel Update(BayesianLinearModel model, Design design, TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(design);
        if (!model.FeatureNames.SequenceEqual(design.FeatureNames))
            throw new ArgumentException(
                $"The model knows the features {string.Join(", ", model.FeatureNames)}, but the new rows have "
                + $"{string.Join(", ", design.FeatureNames)}.", nameof(design));
        var fitter = new BayesianLinearFitter(model.Options);
        var moments = new LinearMoments(design.FeatureCount);
        moments.Merge(model.Moments);
        moments.Merge(fitter.Moments(design, monitor ?? TrainingMonitor.None));
        return fitter.Fit(design, moments, monitor ?? TrainingMonitor.None);
    }

    private LinearMoments Moments(Design design, TrainingMonitor monitor)
    {
        var watch = Stopwatch.StartNew();
        var moments = design.Sum(() => new LinearMoments(design.FeatureCount), monitor, options.NumberOfThreads);
        monitor.Report(new("Moments", 1, moments[design.FeatureCount, design.FeatureCount], moments.Count, watch.Elapsed));
        return moments;
    }

    private BayesianLinearModel Fit(Design design, LinearMoments moments, TrainingMonitor monitor)
    {
        if (moments.Count == 0)
            throw new InvalidOperationException(
                "No valid training instances found, all instances have missing features, label or weight, or weight zero.");
        int d = moments.FeatureCount;
        if (!Array.TrueForAll(moments.Mean, double.IsFinite) || !Array.TrueForAll(moments.Scatter, double.IsFinite))
            throw new InvalidOperationException(
                $"Squares of the features or of '{design.ResponseName}' overflow: numbers beyond 1e150 cannot be fitted. Rescale them.");
        var posterior = options.Inference switch
        {
            KnownNoiseInference known => Conjugate(design, moments).AtKnownNoise(known.Precision),
            NormalInverseGammaInference gamma => Conjugate(design, moments).WithInverseGamma(gamma.Shape, gamma.Scale),
            EvidenceInference evidence => Evidence(evidence, design, moments, monitor),
            _ => throw new InvalidOperationException($"There is no algorithm for {options.Inference}."),
        };
        var model = new BayesianLinearModel(options, [.. design.FeatureNames], design.ResponseName, moments, posterior);
        if (!posterior.Converged)
            monitor.Warning?.Invoke(posterior.Iterations >= options.MaximumIterations
                ? $"Automatic relevance determination did not converge in {posterior.Iterations} sweeps. Raise MaximumIterations."
                : $"The features fit '{design.ResponseName}' exactly: the noise precision has no bound, and the predicted noise is "
                    + "rounding. Check that the label is not among the features.");
        if (options.Inference is EvidenceInference { Relevance: true })
            monitor.Information?.Invoke($"{d - posterior.Transform.Columns.Length} of {d} columns were pruned.");
        return model;
    }

    private ConjugateRegression Conjugate(Design design, LinearMoments moments) => new(
        moments,
        NormalPriorTerms.Of(options.Priors ?? new(), design.FeatureNames, options.Intercept),
        options.Intercept);

    private LinearPosterior Evidence(EvidenceInference inference, Design design, LinearMoments moments, TrainingMonitor monitor)
    {
        int d = moments.FeatureCount;
        double mean = moments.Mean[d], scatter = moments[d, d];
        double squares = options.Intercept ? scatter : scatter + moments.SumOfWeights * mean * mean;
        if (moments.Count < 2 || !(squares > 1e-28 * mean * mean * moments.SumOfWeights))
            throw new InvalidOperationException(
                $"All {moments.Count} responses in '{design.ResponseName}' are equal: their variance is zero, and the evidence has no "
                + "maximum. Check the label column, or choose LinearInference.KnownNoise or NormalInverseGamma.");
        return inference.Relevance
            ? RelevanceMaximiser.Run(moments, options, monitor)
            : new EvidenceMaximiser(moments, options.Intercept, inference.IntegrateIntercept).Run();
    }
}
