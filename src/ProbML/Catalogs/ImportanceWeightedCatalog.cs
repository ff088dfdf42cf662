using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML;
using ProbML.Evaluation;

namespace Microsoft.ML;

/// <summary>Cross-validation for where a model will be used, rather than where its rows come from.</summary>
public static class ImportanceWeightedCatalog
{
    private const string HostName = "ProbMLImportanceWeighted";

    /// <summary>Σ w (y − ŷ)² / Σ w over held-out rows: the mean squared error under the distribution that the weights stand for.</summary>
    /// <remarks>
    /// With w ∝ p/q of rows from q it estimates the error on rows from p, nearly without bias, while the plain error is that on q.
    /// Sugiyama, Krauledat &amp; Müller (2007), Covariate shift adaptation by importance weighted cross validation.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">Rows with weights, such as a density ratio's transformer gives.</param>
    /// <param name="estimator">What is fitted to all folds but one.</param>
    /// <param name="numberOfFolds">How often, 2 or more.</param>
    /// <param name="labelColumnName">What is predicted.</param>
    /// <param name="scoreColumnName">The prediction.</param>
    /// <param name="weightColumnName">The importance weights, by which errors count; the estimator must be told for itself.</param>
    /// <param name="samplingKeyColumnName">Rows of the same value of this column stay together, or null.</param>
    /// <param name="seed">Deals rows to folds; null: the context's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">A weight is negative or infinite, or no row can be tested.</exception>
    public static Estimate CrossValidateImportanceWeighted(
        this RegressionCatalog catalog,
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = "Label",
        string scoreColumnName = ColumnNames.Score,
        string weightColumnName = ColumnNames.Weight,
        string? samplingKeyColumnName = null,
        int? seed = null) => Run(
            catalog,
            data,
            estimator,
            numberOfFolds,
            (labelColumnName, scoreColumnName, weightColumnName, samplingKeyColumnName, seed),
            (y, score) => (y - score) * (y - score));

    /// <summary>−Σ w ln P(y) / Σ w over held-out rows: the log loss under the distribution that the weights stand for.</summary>
    /// <inheritdoc cref="CrossValidateImportanceWeighted(RegressionCatalog, IDataView, IEstimator{ITransformer}, int, string, string, string, string?, int?)"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">Rows with weights.</param>
    /// <param name="estimator">What is fitted to all folds but one.</param>
    /// <param name="numberOfFolds">How often, 2 or more.</param>
    /// <param name="labelColumnName">What is predicted: Boolean, or 0 and 1.</param>
    /// <param name="probabilityColumnName">The probability of "true".</param>
    /// <param name="weightColumnName">The importance weights.</param>
    /// <param name="samplingKeyColumnName">Rows of the same value of this column stay together, or null.</param>
    /// <param name="seed">Deals rows to folds; null: the context's.</param>
    public static Estimate CrossValidateImportanceWeighted(
        this BinaryClassificationCatalog catalog,
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = "Label",
        string probabilityColumnName = ColumnNames.Probability,
        string weightColumnName = ColumnNames.Weight,
        string? samplingKeyColumnName = null,
        int? seed = null) => Run(
            catalog,
            data,
            estimator,
            numberOfFolds,
            (labelColumnName, probabilityColumnName, weightColumnName, samplingKeyColumnName, seed),
            (y, p) => -Math.Log(Math.Max(y > 0 ? p : 1 - p, 1e-15)));

    private static Estimate Run(
        TrainCatalogBase catalog,
        IDataView data,
        IEstimator<ITransformer> estimator,
        int folds,
        (string Label, string Prediction, string Weight, string? Key, int? Seed) names,
        Func<double, double, double> loss)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        var host = CatalogUtils.GetEnvironment(catalog).Register(HostName);
        host.CheckValue(data, nameof(data));
        host.CheckValue(estimator, nameof(estimator));
        var mean = default(MeanWithError);
        foreach (var split in new DataOperationsCatalog(host).CrossValidationSplit(data, folds, names.Key, names.Seed))
        {
            var scored = estimator.Fit(split.TrainSet).Transform(split.TestSet);
            var found = new ScoredColumns(host, scored.Schema);
            var weight = found.Require("weight", names.Weight, ColumnTypes.IsNumber, ColumnTypes.Number);
            var prediction = found.Require("score", names.Prediction, ColumnTypes.IsNumber, ColumnTypes.Number);
            var label = scored.Schema.GetColumnOrNull(names.Label)
                ?? throw host.ExceptSchemaMismatch(nameof(data), "label", names.Label);
            using var cursor = scored.GetRowCursor(
                new[] { weight, prediction, label }.DistinctBy(column => column.Index));
            var (readWeight, readPrediction, readLabel) = (
                NumberGetter.Create(cursor, weight), NumberGetter.Create(cursor, prediction), NumberGetter.Create(cursor, label));
            while (cursor.MoveNext())
            {
                double w = readWeight(), value = loss(readLabel(), readPrediction());
                if (w < 0 || double.IsInfinity(w))
                    throw host.Except(
                        $"Weights must be finite and ≥ 0, but a row has {w} in '{names.Weight}': give a density ratio's weights, or "
                        + "others ∝ p/q.");
                if (w > 0 && !double.IsNaN(value))
                    mean.Add(value, w);
            }
        }
        if (double.IsNaN(mean.Mean))
            throw host.Except(
                $"There is no row with a weight in '{names.Weight}' above zero, a '{names.Label}' and a '{names.Prediction}': there is "
                + "nothing to average.");
        return mean.Estimate;
    }
}
