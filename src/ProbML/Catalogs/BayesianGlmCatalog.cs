using ProbML;

namespace Microsoft.ML;

/// <summary>Bayesian generalized linear models, as regression and binary trainers.</summary>
public static class BayesianGlmCatalog
{
    /// <summary>Fits a Bayesian generalized linear model: E(Y) = g⁻¹(β₀ + xᵀβ + offset), with the posterior of β and φ.</summary>
    /// <remarks>
    /// Adds Score (the predictive mean, averaged over the posterior), LogDensity (of the label), ScoreStandardDeviation (of a new
    /// observation), its parts EpistemicStandardDeviation and AleatoricStandardDeviation, LowerBound and UpperBound. Model, inference
    /// principle and algorithm are chosen apart, in the options.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Family, link, priors, inference and so on; null: Gaussian, normal priors, Laplace.</param>
    /// <param name="labelColumnName">The response.</param>
    /// <param name="featureColumnName">A vector of Single or Double; the priors mind its units.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="exposureColumnName">Enters as the offset ln(exposure), with the log link, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">A prior does not go with the inference, or an exposure not with the link.</exception>
    /// <example><code>
    /// var trainer = mlContext.Regression.Trainers.BayesianGlm(new BayesianGlmOptions
    /// {
    ///     Family = Families.Poisson,
    ///     Priors = new() { Default = new NormalPrior(0, 1) },
    ///     Inference = Inference.Nuts(),
    /// }, "Claims");
    /// </code></example>
    public static ProbabilisticTrainer<BayesianGlmModel> BayesianGlm(
        this RegressionCatalog.RegressionTrainers catalog,
        BayesianGlmOptions? options = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        string? exposureColumnName = null,
        TrainingMonitor? monitor = null) => Create(
            catalog,
            options,
            PredictionTask.Regression,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName, exposureColumnName),
            monitor);

    /// <summary>Fits a Bayesian generalized linear model of two classes: P(Y = 1) = g⁻¹(β₀ + xᵀβ + offset).</summary>
    /// <remarks>
    /// Adds Score (the posterior mean of η), Probability (averaged over the posterior), ProbabilityLowerBound, ProbabilityUpperBound (of
    /// the probability), EpistemicStandardDeviation, AleatoricStandardDeviation, ScoreStandardError, LogDensity and PredictedLabel.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Link, priors, inference and so on; null: logistic, normal priors, Laplace.</param>
    /// <param name="labelColumnName">Boolean, a number that is 0 or 1, or a key of two values.</param>
    /// <param name="featureColumnName">A vector of Single or Double; the priors mind its units.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">A prior does not go with the inference.</exception>
    public static ProbabilisticTrainer<BayesianGlmModel> BayesianGlm(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        BayesianGlmOptions? options = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        TrainingMonitor? monitor = null) => Create(
            catalog,
            options,
            PredictionTask.BinaryClassification,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName),
            monitor);

    private static ProbabilisticTrainer<BayesianGlmModel> Create(
        TrainCatalogBase.CatalogInstantiatorBase catalog,
        BayesianGlmOptions? options,
        PredictionTask task,
        ColumnRoles roles,
        TrainingMonitor? monitor)
    {
        var fitter = new BayesianGlmFitter(options, task);
        ExposureCheck.Require(roles, fitter.Link);
        return ProbabilisticTrainer.Create(catalog, fitter, task, roles, monitor, "ProbMLBayesianGlm");
    }
}
