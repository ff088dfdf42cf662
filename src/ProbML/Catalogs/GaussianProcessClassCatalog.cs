using ProbML;
using ProbML.GaussianProcesses;

namespace Microsoft.ML;

/// <summary>Gaussian processes for classes, as trainers.</summary>
public static class GaussianProcessClassCatalog
{
    /// <summary>Fits a Gaussian process to two classes: P(Y = 1) = g⁻¹(m + f(x) + offset), f ~ GP(0, k).</summary>
    /// <remarks>
    /// Adds Score (the posterior mean of f), Probability (averaged over f by quadrature), ProbabilityLowerBound, ProbabilityUpperBound
    /// (of P(Y = 1 | f)), EpistemicStandardDeviation, AleatoricStandardDeviation, ScoreStandardError (of f), LogDensity and
    /// PredictedLabel. The hyperparameters are those of maximum approximate evidence. O(n³) time, 40 n² bytes; of
    /// many rows choose <see cref="StochasticVariationalInference"/>, which streams them. Rasmussen &amp; Williams (2006), ch. 3.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Kernel, likelihood, inference and so on; null: an RBF kernel, logistic, Laplace's approximation.</param>
    /// <param name="labelColumnName">Boolean, a number that is 0 or 1, or a key of two values.</param>
    /// <param name="featureColumnName">A vector of Single or Double.</param>
    /// <param name="exampleWeightColumnName">Weights, which count rows; or null.</param>
    /// <param name="offsetColumnName">Added to the function; or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or does not go with two classes.</exception>
    /// <example><code>
    /// var trainer = mlContext.BinaryClassification.Trainers.GaussianProcess(new()
    /// {
    ///     Likelihood = GaussianProcessLikelihood.Bernoulli(Links.Probit),
    ///     Inference = GaussianProcessInference.ExpectationPropagation,
    /// });
    /// </code></example>
    public static ProbabilisticTrainer<GaussianProcessModel> GaussianProcess(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        GaussianProcessOptions? options = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        TrainingMonitor? monitor = null) => ProbabilisticTrainer.Create(
            catalog,
            new GaussianProcessFitter(options, PredictionTask.BinaryClassification),
            PredictionTask.BinaryClassification,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName),
            monitor,
            "ProbMLGaussianProcess");

    /// <summary>Fits a Gaussian process to several classes: P(Y = k) = exp f_k / Σ exp f, each f_k ~ GP(0, k).</summary>
    /// <remarks>
    /// Adds Score (the probabilities of the classes, averaged over f), ProbabilityStandardError, ProbabilityLowerBound and
    /// ProbabilityUpperBound (of each), LogDensity (of the label) and PredictedLabel. By Laplace's approximation: O(K n³) time,
    /// 8 (3 K + 5) n² bytes. Rasmussen &amp; Williams (2006), §3.5.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Kernel and how it is fitted; null: an RBF kernel with a lengthscale a feature.</param>
    /// <param name="labelColumnName">A key, as MapValueToKey makes.</param>
    /// <param name="featureColumnName">A vector of Single or Double.</param>
    /// <param name="exampleWeightColumnName">Weights, which count rows; or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or does not go with several classes.</exception>
    public static ProbabilisticTrainer<GaussianProcessClassModel> GaussianProcess(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        GaussianProcessOptions? options = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        TrainingMonitor? monitor = null) => ProbabilisticTrainer.Create(
            catalog,
            new ClassFitter<GaussianProcessClassModel>(names => new GaussianProcessClassFitter(names, options)),
            new(labelColumnName, featureColumnName, exampleWeightColumnName),
            monitor,
            "ProbMLGaussianProcessClasses");

    /// <summary>Fits a Gaussian process to ordered classes: P(Y ≤ j) = F(τⱼ − f(x)), f ~ GP(0, k).</summary>
    /// <remarks>
    /// The classes are in the order of the key. Columns as of the multiclass GaussianProcess. Chu &amp; Ghahramani (2005), JMLR 6.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Kernel, inference and so on; null: an RBF kernel with a lengthscale a feature, Laplace.</param>
    /// <param name="labelColumnName">A key whose values are in order.</param>
    /// <param name="featureColumnName">A vector of Single or Double.</param>
    /// <param name="exampleWeightColumnName">Weights, which count rows; or null.</param>
    /// <param name="link">The inverse of F: logit or probit; null: logit.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or does not go with ordered classes.</exception>
    public static ProbabilisticTrainer<GaussianProcessClassModel> OrdinalGaussianProcess(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        GaussianProcessOptions? options = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        ILinkFunction? link = null,
        TrainingMonitor? monitor = null) => ProbabilisticTrainer.Create(
            catalog,
            new ClassFitter<GaussianProcessClassModel>(names => new OrdinalGaussianProcessFitter(names, options, link)),
            new(labelColumnName, featureColumnName, exampleWeightColumnName),
            monitor,
            "ProbMLGaussianProcessClasses");
}
