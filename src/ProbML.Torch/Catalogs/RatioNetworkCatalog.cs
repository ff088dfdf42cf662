using ProbML;
using ProbML.DensityRatios;

namespace Microsoft.ML;

/// <summary>Density ratios by networks.</summary>
public static class RatioNetworkCatalog
{
    /// <summary>Estimates ln p(x)/q(x) by a network that tells two samples apart: true rows are p's, false ones q's.</summary>
    /// <remarks>
    /// Adds Score (the log odds), Probability, PredictedLabel, LogRatio, DensityRatio and Weight. Rows that it was fitted to are scored
    /// by the one network; <c>mlContext.Transforms.DensityRatio(trainer, options: new() { LogOddsColumnName = "Score" })</c> over it
    /// scores them by networks that did not see them. Trains with TorchSharp, scores without. Sugiyama, Suzuki &amp; Kanamori (2012).
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">True or 1 for the numerator's rows, false or 0 for the denominator's.</param>
    /// <param name="featureColumnName">A vector of Single or Double. No normalization is needed.</param>
    /// <param name="options">Loss, network, training; null: logistic, 64-64, stopped early.</param>
    /// <param name="exampleWeightColumnName">Weights of the rows, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <example><code>
    /// var network = mlContext.BinaryClassification.Trainers.DensityRatioNetwork("IsTarget");
    /// var ratio = mlContext.Transforms.DensityRatio(network, "IsTarget", options: new() { LogOddsColumnName = "Score" }).Fit(both);
    /// </code></example>
    public static ProbabilisticTrainer<RatioNetworkModel> DensityRatioNetwork(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        RatioNetworkOptions? options = null,
        string? exampleWeightColumnName = null,
        TrainingMonitor? monitor = null) => ProbabilisticTrainer.Create(
            catalog,
            new RatioNetworkFitter(options ?? new()),
            PredictionTask.BinaryClassification,
            new ColumnRoles(labelColumnName, featureColumnName, exampleWeightColumnName),
            monitor,
            "ProbMLRatioNetwork");
}
