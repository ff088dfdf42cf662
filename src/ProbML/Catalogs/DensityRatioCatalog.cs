using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML;

namespace Microsoft.ML;

/// <summary>Density ratios: how much likelier a row is in one sample than in another.</summary>
public static class DensityRatioCatalog
{
    /// <summary>Estimates ln p(x)/q(x) by logistic regression on products of features, or a mixture of such: true rows are p's, false ones q's.</summary>
    /// <remarks>
    /// Adds Score (the log odds), Probability, PredictedLabel, LogRatio, DensityRatio and Weight, an importance weight for q's rows
    /// that trainers take as their exampleWeightColumnName. A row that was fitted to is scored by a model that did not see it.
    /// Sugiyama, Suzuki &amp; Kanamori (2012), ch. 4.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Shape, components, penalty, folds and so on; null: what held-out rows choose.</param>
    /// <param name="labelColumnName">True or 1 for the numerator's rows, false or 0 for the denominator's.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <example><code>
    /// var model = mlContext.BinaryClassification.Trainers.DensityRatio(labelColumnName: "IsTarget").Fit(both);
    /// var weighted = mlContext.Regression.Trainers.LinearRegression(exampleWeightColumnName: "Weight")
    ///     .Fit(model.Transform(source));
    /// </code></example>
    public static ProbabilisticTrainer<DensityRatioModel> DensityRatio(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        DensityRatioOptions? options = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        TrainingMonitor? monitor = null) => ProbabilisticTrainer.Create(
            catalog,
            new DensityRatioFitter(options ?? new()),
            PredictionTask.BinaryClassification,
            new(labelColumnName, featureColumnName, exampleWeightColumnName),
            monitor,
            "ProbMLDensityRatio");

    /// <summary>Estimates ln p(x)/q(x) by any classifier that gives a probability, ML.NET's or ours, fitted once a fold.</summary>
    /// <remarks>
    /// Adds LogRatio, DensityRatio and Weight. A row that was fitted to is scored by the classifier that did not see it, known by
    /// the hash of its features; any other by the one of all rows. Sugiyama, Suzuki &amp; Kanamori (2012), ch. 4.
    /// </remarks>
    /// <param name="catalog">The catalog of transforms.</param>
    /// <param name="classifier">A pipeline that ends in a calibrated binary trainer and learns from the label column.</param>
    /// <param name="labelColumnName">True or 1 for the numerator's rows, false or 0 for the denominator's.</param>
    /// <param name="featureColumnName">The vector that tells rows apart; rows of equal features stay together.</param>
    /// <param name="options">Folds, largest ratio, columns; null: five, √n times the mean, Probability.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <example><code>
    /// var ratio = mlContext.Transforms.DensityRatio(
    ///     mlContext.BinaryClassification.Trainers.FastTree(labelColumnName: "IsTarget"), "IsTarget");
    /// </code></example>
    public static DensityRatioEstimator DensityRatio(
        this TransformsCatalog catalog,
        IEstimator<ITransformer> classifier,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        ClassifierRatioOptions? options = null)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        return new(
            CatalogUtils.GetEnvironment(catalog), classifier, labelColumnName, featureColumnName, options ?? new());
    }
}
