using Microsoft.ML.Runtime;
using ProbML;

namespace Microsoft.ML;

/// <summary>Regression of a response that is cut off at limits, as regression trainers.</summary>
public static class TobitCatalog
{
    /// <summary>Fits Tobit regression: Y = min(max(Y*, lower), upper), Y* ~ N(β₀ + xᵀβ + offset, σ²).</summary>
    /// <remarks>
    /// Adds Score (the mean of Y), ScoreStandardDeviation (of a new observation), ScoreStandardError (of the mean),
    /// LowerBound, UpperBound (of a new observation), LatentMean (of Y*), CensoringProbability and LogDensity (of the
    /// label). Tobin (1958); Amemiya (1984).
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">The response; Double where Single cannot hold a limit exactly (0.1).</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="lower">The limit that responses do not fall below, or null.</param>
    /// <param name="upper">The limit that responses do not rise above, or null.</param>
    /// <param name="l2">The weight of ½ Σβ².</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no limit, limits cross, or l2 is negative.</exception>
    /// <example><code>
    /// var trainer = mlContext.Regression.Trainers.TobitRegression("Hours", lower: 0);
    /// </code></example>
    public static ProbabilisticTrainer<TobitModel> TobitRegression(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        double? lower = 0,
        double? upper = null,
        double l2 = 0,
        TrainingMonitor? monitor = null) => TobitRegression(
            catalog,
            new TobitOptions { Lower = lower, Upper = upper, L2 = l2 },
            labelColumnName,
            featureColumnName,
            exampleWeightColumnName,
            offsetColumnName,
            monitor);

    /// <summary>Fits Tobit (censored normal) regression with options.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Limits, penalty, level and so on.</param>
    /// <param name="labelColumnName">The response; Double where Single cannot hold a limit exactly (0.1).</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<TobitModel> TobitRegression(
        this RegressionCatalog.RegressionTrainers catalog,
        TobitOptions options,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        TrainingMonitor? monitor = null)
    {
        Contracts.CheckValue(options, nameof(options));
        return ProbabilisticTrainer.Create(
            catalog,
            new TobitFitter(options),
            PredictionTask.Regression,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName),
            monitor,
            "ProbMLTobit");
    }
}
