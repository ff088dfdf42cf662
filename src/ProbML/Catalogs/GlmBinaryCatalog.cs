using ProbML;

namespace Microsoft.ML;

/// <summary>Generalized linear models for two classes, as binary trainers.</summary>
public static class GlmBinaryCatalog
{
    /// <summary>Fits a generalized linear model: E(Y) = g⁻¹(β₀ + xᵀβ + offset), any link.</summary>
    /// <remarks>
    /// Adds Score (the linear predictor), Probability, its ProbabilityLowerBound and ProbabilityUpperBound, ScoreStandardError,
    /// LogDensity (of the label) and PredictedLabel. McCullagh &amp; Nelder (1989), ch. 4.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Family, link, penalties, level and so on; null: the logit link.</param>
    /// <param name="labelColumnName">Boolean, a number that is 0 or 1, or a key of two values.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="exposureColumnName">Enters as the offset ln(exposure), with the log link, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <example><code>
    /// var trainer = mlContext.BinaryClassification.Trainers.Glm(
    ///     new GlmOptions { Link = Links.ComplementaryLogLog }, labelColumnName: "Died");
    /// </code></example>
    public static ProbabilisticTrainer<GlmModel> Glm(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        GlmOptions? options = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        string? exposureColumnName = null,
        TrainingMonitor? monitor = null) => GlmTrainers.Create(
            catalog,
            options ?? new(),
            PredictionTask.BinaryClassification,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName, exposureColumnName),
            monitor);

    /// <summary>Fits logistic regression of two classes: P(Y = 1) = 1 / (1 + exp(−η)).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Boolean, a number that is 0 or 1, or a key of two values.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="l2">The weight of ½ Σβ²: the precision of a normal prior on each coefficient.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<GlmModel> LogisticRegression(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        double l2 = 0,
        TrainingMonitor? monitor = null) => GlmTrainers.Create(
            catalog,
            new() { Family = Families.Bernoulli, Link = Links.Logit, L2 = l2 },
            PredictionTask.BinaryClassification,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName),
            monitor);

    /// <summary>Fits probit regression of two classes: P(Y = 1) = Φ(η).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Boolean, a number that is 0 or 1, or a key of two values.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="l2">The weight of ½ Σβ²: the precision of a normal prior on each coefficient.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<GlmModel> ProbitRegression(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        double l2 = 0,
        TrainingMonitor? monitor = null) => GlmTrainers.Create(
            catalog,
            new() { Family = Families.Bernoulli, Link = Links.Probit, L2 = l2 },
            PredictionTask.BinaryClassification,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName),
            monitor);

    /// <summary>Fits complementary log-log (Gumbel) regression of two classes: P(Y = 1) = 1 − exp(−exp(η)).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Boolean, a number that is 0 or 1, or a key of two values.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="l2">The weight of ½ Σβ²: the precision of a normal prior on each coefficient.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<GlmModel> ComplementaryLogLogRegression(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        double l2 = 0,
        TrainingMonitor? monitor = null) => GlmTrainers.Create(
            catalog,
            new() { Family = Families.Bernoulli, Link = Links.ComplementaryLogLog, L2 = l2 },
            PredictionTask.BinaryClassification,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName),
            monitor);

    /// <summary>Fits log-log regression of two classes: P(Y = 1) = exp(−exp(−η)).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Boolean, a number that is 0 or 1, or a key of two values.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="l2">The weight of ½ Σβ²: the precision of a normal prior on each coefficient.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<GlmModel> LogLogRegression(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        double l2 = 0,
        TrainingMonitor? monitor = null) => GlmTrainers.Create(
            catalog,
            new() { Family = Families.Bernoulli, Link = Links.LogLog, L2 = l2 },
            PredictionTask.BinaryClassification,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName),
            monitor);

    /// <summary>Fits cauchit regression, robust against outlying rows, of two classes: P(Y = 1) = ½ + arctan(η) / π.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Boolean, a number that is 0 or 1, or a key of two values.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="l2">The weight of ½ Σβ²: the precision of a normal prior on each coefficient.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<GlmModel> CauchitRegression(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        double l2 = 0,
        TrainingMonitor? monitor = null) => GlmTrainers.Create(
            catalog,
            new() { Family = Families.Bernoulli, Link = Links.Cauchit, L2 = l2 },
            PredictionTask.BinaryClassification,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName),
            monitor);

    /// <summary>Fits logistic regression in its ±1 coding of two classes: P(Y = 1) = (1 + tanh η) / 2.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Boolean, a number that is 0 or 1, or a key of two values.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="l2">The weight of ½ Σβ²: the precision of a normal prior on each coefficient.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<GlmModel> TanhRegression(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        double l2 = 0,
        TrainingMonitor? monitor = null) => GlmTrainers.Create(
            catalog,
            new() { Family = Families.Bernoulli, Link = Links.Tanh, L2 = l2 },
            PredictionTask.BinaryClassification,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName),
            monitor);
}
