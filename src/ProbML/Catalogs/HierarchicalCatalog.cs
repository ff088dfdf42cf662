using ProbML;

namespace Microsoft.ML;

/// <summary>Hierarchical (mixed, multilevel) regression, as regression and binary trainers.</summary>
public static class HierarchicalCatalog
{
    /// <summary>Fits a hierarchical regression: E(Y) = g⁻¹(β₀ + xᵀβ + Σ zᵀb + offset), b ~ N(0, Σ) for each group.</summary>
    /// <remarks>
    /// Reads the columns of groups that the effects name: keys, text, Boolean or integers. Adds Score (the predictive mean), LogDensity (of
    /// the label), ScoreStandardDeviation, its parts EpistemicStandardDeviation and AleatoricStandardDeviation, LowerBound, UpperBound, and
    /// UnseenGroups: how many of a row's groups were never seen or are missing; those are predicted from the population.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Effects, family, link, inference and so on; null family: Gaussian, by restricted likelihood.</param>
    /// <param name="labelColumnName">The response.</param>
    /// <param name="featureColumnName">A vector of Single or Double; slopes are named by its slots.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="exposureColumnName">Enters as the offset ln(exposure), with the log link, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">The effects contradict each other or the inference, or an exposure the link.</exception>
    /// <example><code>
    /// var trainer = mlContext.Regression.Trainers.Hierarchical(new HierarchicalOptions
    /// {
    ///     Effects = [new GroupEffect("Subject", "Days")],
    /// }, "Reaction");
    /// </code></example>
    public static ProbabilisticTrainer<HierarchicalModel> Hierarchical(
        this RegressionCatalog.RegressionTrainers catalog,
        HierarchicalOptions options,
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

    /// <summary>Fits a hierarchical regression of two classes: P(Y = 1) = g⁻¹(β₀ + xᵀβ + Σ zᵀb + offset), b ~ N(0, Σ) for each group.</summary>
    /// <remarks>
    /// Reads the columns of groups that the effects name. Adds Score (the mean of η), Probability, ProbabilityLowerBound,
    /// ProbabilityUpperBound, EpistemicStandardDeviation, AleatoricStandardDeviation, ScoreStandardError, LogDensity, PredictedLabel and
    /// UnseenGroups.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Effects, link, inference and so on; null link: logistic, by Laplace's likelihood.</param>
    /// <param name="labelColumnName">Boolean, a number that is 0 or 1, or a key of two values.</param>
    /// <param name="featureColumnName">A vector of Single or Double; slopes are named by its slots.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">The effects contradict each other or the inference.</exception>
    public static ProbabilisticTrainer<HierarchicalModel> Hierarchical(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        HierarchicalOptions options,
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

    private static ProbabilisticTrainer<HierarchicalModel> Create(
        TrainCatalogBase.CatalogInstantiatorBase catalog,
        HierarchicalOptions options,
        PredictionTask task,
        ColumnRoles roles,
        TrainingMonitor? monitor)
    {
        var fitter = new HierarchicalFitter(options, task);
        ExposureCheck.Require(roles, fitter.Link);
        return ProbabilisticTrainer.Create(
            catalog, fitter, task, roles with { Groups = fitter.GroupColumns }, monitor, "ProbMLHierarchical");
    }
}
