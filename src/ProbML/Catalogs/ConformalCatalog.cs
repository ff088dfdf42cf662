using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML;

namespace Microsoft.ML;

/// <summary>Gives any pipeline's predictions intervals or sets that hold what they promise.</summary>
public static class ConformalCatalog
{
    /// <summary>Wraps a regression pipeline: adds LowerBound and UpperBound with P(l ≤ y ≤ u) ≥ level.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="estimator">Any pipeline that ends in a regression trainer, ML.NET's or ours.</param>
    /// <param name="labelColumnName">What is predicted.</param>
    /// <param name="method">What the interval is made of.</param>
    /// <param name="options">Level, share of rows that calibrate, groups; null: 90 %, a quarter, none.</param>
    /// <param name="scaleColumnName">The standard deviation, for <see cref="IntervalMethod.ScaledError"/>.</param>
    /// <param name="lowerColumnName">The model's lower bound, for <see cref="IntervalMethod.IntervalDistance"/>.</param>
    /// <param name="upperColumnName">The model's upper bound.</param>
    /// <param name="scoreColumnName">The predicted mean.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level or the share is not in (0, 1).</exception>
    /// <example><code>
    /// var pipeline = mlContext.Regression.Conformal(
    ///     mlContext.Regression.Trainers.FastTree(), options: new() { Level = 0.9 });
    /// var model = pipeline.Fit(data);      // adds LowerBound and UpperBound
    /// </code></example>
    public static ConformalEstimator Conformal(
        this RegressionCatalog catalog,
        IEstimator<ITransformer> estimator,
        string labelColumnName = "Label",
        IntervalMethod method = IntervalMethod.AbsoluteError,
        ConformalOptions? options = null,
        string scaleColumnName = ColumnNames.ScoreStandardDeviation,
        string lowerColumnName = ColumnNames.LowerBound,
        string upperColumnName = ColumnNames.UpperBound,
        string scoreColumnName = ColumnNames.Score)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        if (!Enum.IsDefined(method))
            throw new ArgumentOutOfRangeException(nameof(method), method, "No such method.");
        bool isScaled = method == IntervalMethod.ScaledError, isDistance = method == IntervalMethod.IntervalDistance;
        var columns = new ConformalColumns(
            (int)method,
            scoreColumnName,
            isScaled ? scaleColumnName : null,
            isDistance ? lowerColumnName : null,
            isDistance ? upperColumnName : null);
        return new(CatalogUtils.GetEnvironment(catalog), estimator, labelColumnName, columns, options ?? new());
    }

    /// <summary>Wraps a binary pipeline: adds PredictionSet, [2] for false and true, with P(y in the set) ≥ level.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="estimator">Any pipeline that gives a probability, ML.NET's or ours.</param>
    /// <param name="labelColumnName">What is predicted.</param>
    /// <param name="method">What the set is made of.</param>
    /// <param name="options">Level, share of rows that calibrate, groups; null: 90 %, a quarter, none.</param>
    /// <param name="probabilityColumnName">The probability of "true".</param>
    /// <exception cref="ArgumentOutOfRangeException">The level or the share is not in (0, 1).</exception>
    public static ConformalEstimator Conformal(
        this BinaryClassificationCatalog catalog,
        IEstimator<ITransformer> estimator,
        string labelColumnName = "Label",
        ClassSetMethod method = ClassSetMethod.LeastAmbiguous,
        ConformalOptions? options = null,
        string probabilityColumnName = ColumnNames.Probability) =>
        OfClasses(catalog, estimator, labelColumnName, method, options, probabilityColumnName);

    /// <summary>Wraps a multiclass pipeline: adds PredictionSet, [K], with P(y in the set) ≥ level.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="estimator">Any pipeline that gives probabilities of classes, ML.NET's or ours.</param>
    /// <param name="labelColumnName">What is predicted, a key.</param>
    /// <param name="method">What the set is made of.</param>
    /// <param name="options">Level, share of rows that calibrate, groups; null: 90 %, a quarter, none.</param>
    /// <param name="scoreColumnName">The probabilities of the classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level or the share is not in (0, 1).</exception>
    public static ConformalEstimator Conformal(
        this MulticlassClassificationCatalog catalog,
        IEstimator<ITransformer> estimator,
        string labelColumnName = "Label",
        ClassSetMethod method = ClassSetMethod.LeastAmbiguous,
        ConformalOptions? options = null,
        string scoreColumnName = ColumnNames.Score) =>
        OfClasses(catalog, estimator, labelColumnName, method, options, scoreColumnName);

    private static ConformalEstimator OfClasses(
        TrainCatalogBase catalog,
        IEstimator<ITransformer> estimator,
        string label,
        ClassSetMethod method,
        ConformalOptions? options,
        string score)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        if (!Enum.IsDefined(method))
            throw new ArgumentOutOfRangeException(nameof(method), method, "No such method.");
        var columns = new ConformalColumns((int)method, score);
        return new(CatalogUtils.GetEnvironment(catalog), estimator, label, columns, options ?? new());
    }
}
