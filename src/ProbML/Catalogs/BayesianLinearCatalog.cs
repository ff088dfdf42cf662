using ProbML;

namespace Microsoft.ML;

/// <summary>Bayesian linear regression, as regression trainers.</summary>
public static class BayesianLinearCatalog
{
    /// <summary>Fits Bayesian linear regression: y ~ N(β₀ + xᵀβ + offset, σ²/ω), with the posterior of β and σ².</summary>
    /// <remarks>
    /// Adds Score (the predictive mean), LogDensity (of the label), ScoreStandardDeviation (of a new observation), its parts
    /// EpistemicStandardDeviation and AleatoricStandardDeviation, LowerBound and UpperBound. By default the precision of the
    /// coefficients' common prior and of the noise maximise the evidence: standardise features of different units
    /// (NormalizeMeanVariance). Bishop (2006), ch. 3; MacKay (1992).
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Inference, priors, level and so on; null: by maximum evidence.</param>
    /// <param name="labelColumnName">The response.</param>
    /// <param name="featureColumnName">A vector of Single or Double.</param>
    /// <param name="exampleWeightColumnName">Weights ω: Var(y) = σ²/ω; or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">A prior does not go with the inference.</exception>
    /// <example><code>
    /// var trainer = mlContext.Regression.Trainers.BayesianLinearRegression(
    ///     new() { Inference = LinearInference.NormalInverseGamma(), Level = 0.9 }, "Price");
    /// </code></example>
    public static ProbabilisticTrainer<BayesianLinearModel> BayesianLinearRegression(
        this RegressionCatalog.RegressionTrainers catalog,
        BayesianLinearOptions? options = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        TrainingMonitor? monitor = null) => ProbabilisticTrainer.Create(
            catalog,
            new BayesianLinearFitter(options),
            PredictionTask.Regression,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName),
            monitor,
            "ProbMLBayesianLinear");

    /// <summary>Fits linear regression by automatic relevance determination: βⱼ ~ N(0, 1/αⱼ), each αⱼ of maximum evidence.</summary>
    /// <remarks>
    /// Columns whose αⱼ is infinite are left out, and the model says which. Columns as of
    /// <see cref="BayesianLinearRegression"/>. Tipping (2001); Tipping &amp; Faul (2003).
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Level, iterations and so on; its inference must be automatic relevance; null: the usual ones.</param>
    /// <param name="labelColumnName">The response.</param>
    /// <param name="featureColumnName">A vector of Single or Double.</param>
    /// <param name="exampleWeightColumnName">Weights ω: Var(y) = σ²/ω; or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<BayesianLinearModel> AutomaticRelevanceDetermination(
        this RegressionCatalog.RegressionTrainers catalog,
        BayesianLinearOptions? options = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        TrainingMonitor? monitor = null)
    {
        options ??= new() { Inference = LinearInference.AutomaticRelevance() };
        if (!options.IsRelevance)
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.Inference,
                "AutomaticRelevanceDetermination needs LinearInference.AutomaticRelevance(); for others use BayesianLinearRegression.");
        return BayesianLinearRegression(
            catalog, options, labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName, monitor);
    }
}
