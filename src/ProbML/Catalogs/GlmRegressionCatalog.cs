using ProbML;

namespace Microsoft.ML;

/// <summary>Generalized linear models for numbers, as regression trainers.</summary>
public static class GlmRegressionCatalog
{
    /// <summary>Fits a generalized linear model: E(Y) = g⁻¹(β₀ + xᵀβ + offset), any family and link.</summary>
    /// <remarks>
    /// Adds Score (the mean), ScoreStandardDeviation (of a new observation), ScoreStandardError (of the mean), LowerBound,
    /// UpperBound (of a new observation) and LogDensity (of the label). McCullagh &amp; Nelder (1989).
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Family, link, penalties, level and so on; null: Gaussian with the identity link.</param>
    /// <param name="labelColumnName">Single, Double or an integer: the response.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="exposureColumnName">Enters as the offset ln(exposure), with the log link, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <example><code>
    /// var trainer = mlContext.Regression.Trainers.Glm(
    ///     new GlmOptions { Family = Families.Gamma, Link = Links.Log }, labelColumnName: "Cost");
    /// </code></example>
    public static ProbabilisticTrainer<GlmModel> Glm(
        this RegressionCatalog.RegressionTrainers catalog,
        GlmOptions? options = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        string? exposureColumnName = null,
        TrainingMonitor? monitor = null) => GlmTrainers.Create(
            catalog,
            options ?? new(),
            PredictionTask.Regression,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName, exposureColumnName),
            monitor);

    /// <summary>Fits linear regression with standard errors and prediction intervals: Y ~ N(β₀ + xᵀβ, φ / w).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Single, Double or an integer: the response.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="link">The link; null: the identity.</param>
    /// <param name="l2">The weight of ½ Σβ²: the precision of a normal prior on each coefficient.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<GlmModel> LinearRegression(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        ILinkFunction? link = null,
        double l2 = 0,
        TrainingMonitor? monitor = null) => GlmTrainers.Create(
            catalog,
            new() { Family = Families.Gaussian, Link = link, L2 = l2 },
            PredictionTask.Regression,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName),
            monitor);

    /// <summary>Fits Poisson regression of counts: Y ~ Poisson(exp(β₀ + xᵀβ + offset)).</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Single, Double or an integer: the response.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="exposureColumnName">Enters as the offset ln(exposure), with the log link, or null.</param>
    /// <param name="link">The link; null: the log; the square root and the identity are usual too.</param>
    /// <param name="l2">The weight of ½ Σβ²: the precision of a normal prior on each coefficient.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<GlmModel> PoissonRegression(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        string? exposureColumnName = null,
        ILinkFunction? link = null,
        double l2 = 0,
        TrainingMonitor? monitor = null) => GlmTrainers.Create(
            catalog,
            new() { Family = Families.Poisson, Link = link, L2 = l2 },
            PredictionTask.Regression,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName, exposureColumnName),
            monitor);

    /// <summary>Fits negative binomial regression of overdispersed counts: Var(Y) = μ + μ²/θ.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Single, Double or an integer: the response.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="exposureColumnName">Enters as the offset ln(exposure), with the log link, or null.</param>
    /// <param name="theta">θ &gt; 0; null: estimated by maximum likelihood.</param>
    /// <param name="link">The link; null: the log.</param>
    /// <param name="l2">The weight of ½ Σβ²: the precision of a normal prior on each coefficient.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<GlmModel> NegativeBinomialRegression(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        string? exposureColumnName = null,
        double? theta = null,
        ILinkFunction? link = null,
        double l2 = 0,
        TrainingMonitor? monitor = null) => GlmTrainers.Create(
            catalog,
            new() { Family = theta is { } known ? Families.NegativeBinomial(known) : Families.NegativeBinomial(), Link = link, L2 = l2 },
            PredictionTask.Regression,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName, exposureColumnName),
            monitor);

    /// <summary>Fits Gamma regression of positive amounts: Var(Y) = φμ².</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Single, Double or an integer: the response.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="exposureColumnName">Enters as the offset ln(exposure), with the log link, or null.</param>
    /// <param name="link">The link; null: the reciprocal, the canonical one; the log keeps every mean positive.</param>
    /// <param name="l2">The weight of ½ Σβ²: the precision of a normal prior on each coefficient.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<GlmModel> GammaRegression(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        string? exposureColumnName = null,
        ILinkFunction? link = null,
        double l2 = 0,
        TrainingMonitor? monitor = null) => GlmTrainers.Create(
            catalog,
            new() { Family = Families.Gamma, Link = link, L2 = l2 },
            PredictionTask.Regression,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName, exposureColumnName),
            monitor);

    /// <summary>Fits inverse Gaussian regression of positive, skewed amounts: Var(Y) = φμ³.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Single, Double or an integer: the response.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="exposureColumnName">Enters as the offset ln(exposure), with the log link, or null.</param>
    /// <param name="link">The link; null: the inverse square, the canonical one; the log keeps every mean positive.</param>
    /// <param name="l2">The weight of ½ Σβ²: the precision of a normal prior on each coefficient.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<GlmModel> InverseGaussianRegression(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        string? exposureColumnName = null,
        ILinkFunction? link = null,
        double l2 = 0,
        TrainingMonitor? monitor = null) => GlmTrainers.Create(
            catalog,
            new() { Family = Families.InverseGaussian, Link = link, L2 = l2 },
            PredictionTask.Regression,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName, exposureColumnName),
            monitor);

    /// <summary>Fits Tweedie regression of amounts that are often exactly zero: Var(Y) = φμᵖ.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Single, Double or an integer: the response.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="exposureColumnName">Enters as the offset ln(exposure), with the log link, or null.</param>
    /// <param name="power">p, strictly between 1 and 2.</param>
    /// <param name="link">The link; null: the log.</param>
    /// <param name="l2">The weight of ½ Σβ²: the precision of a normal prior on each coefficient.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<GlmModel> TweedieRegression(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        string? exposureColumnName = null,
        double power = 1.5,
        ILinkFunction? link = null,
        double l2 = 0,
        TrainingMonitor? monitor = null) => GlmTrainers.Create(
            catalog,
            new() { Family = Families.Tweedie(power), Link = link, L2 = l2 },
            PredictionTask.Regression,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName, exposureColumnName),
            monitor);
}
