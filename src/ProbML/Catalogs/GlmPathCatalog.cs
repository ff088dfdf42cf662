using ProbML;

namespace Microsoft.ML;

/// <summary>Penalised generalized linear models whose penalty cross-validation chooses.</summary>
public static class GlmPathCatalog
{
    /// <summary>Fits a lasso, ridge or elastic-net model of numbers, the penalty chosen by cross-validation along a path.</summary>
    /// <remarks>
    /// Adds the columns of <c>Glm</c>. The path is <see cref="GlmPath.Of"/> the trained model. Friedman, Hastie &amp;
    /// Tibshirani (2010).
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">Mixing, penalties, folds and rule; null: the lasso, 100 penalties, 10 folds, one standard error.</param>
    /// <param name="options">The model, without penalties; null: Gaussian with the identity link.</param>
    /// <param name="labelColumnName">Single, Double or an integer: the response.</param>
    /// <param name="featureColumnName">A vector of Single or Double; the penalty minds its units, or set Standardize.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="exposureColumnName">Enters as the offset ln(exposure), with the log link, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">An exposure without the log link.</exception>
    /// <example><code>
    /// var trainer = mlContext.Regression.Trainers.GlmPath(
    ///     new() { Alpha = 0.5, Standardize = true }, new() { Family = Families.Poisson }, labelColumnName: "Claims");
    /// </code></example>
    public static ProbabilisticTrainer<GlmModel> GlmPath(
        this RegressionCatalog.RegressionTrainers catalog,
        GlmPathOptions? path = null,
        GlmOptions? options = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        string? exposureColumnName = null,
        TrainingMonitor? monitor = null) => Create(
            catalog,
            path,
            options,
            PredictionTask.Regression,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName, exposureColumnName),
            monitor);

    /// <summary>Fits a lasso, ridge or elastic-net model of two classes, the penalty chosen by cross-validation along a path.</summary>
    /// <remarks>As <c>GlmPath</c> of the regression catalog.</remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">Mixing, penalties, folds and rule; null: the lasso, 100 penalties, 10 folds, one standard error.</param>
    /// <param name="options">The model, without penalties; null: logistic.</param>
    /// <param name="labelColumnName">Boolean, 0 or 1, or a key of two values.</param>
    /// <param name="featureColumnName">A vector of Single or Double; the penalty minds its units, or set Standardize.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to the linear predictor, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<GlmModel> GlmPath(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        GlmPathOptions? path = null,
        GlmOptions? options = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        TrainingMonitor? monitor = null) => Create(
            catalog,
            path,
            options,
            PredictionTask.BinaryClassification,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName),
            monitor);

    private static ProbabilisticTrainer<GlmModel> Create(
        TrainCatalogBase.CatalogInstantiatorBase catalog,
        GlmPathOptions? path,
        GlmOptions? options,
        PredictionTask task,
        ColumnRoles roles,
        TrainingMonitor? monitor)
    {
        var fitter = new GlmPathFitter(path ?? new(), options, task);
        ExposureCheck.Require(roles, fitter.Link);
        return ProbabilisticTrainer.Create(catalog, fitter, task, roles, monitor, "ProbMLGlmPath");
    }
}
