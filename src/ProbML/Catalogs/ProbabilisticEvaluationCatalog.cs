using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML;
using ProbML.Evaluation;

namespace Microsoft.ML;

/// <summary>Evaluates predicted distributions by proper scoring rules: of any pipeline that has the columns.</summary>
public static class ProbabilisticEvaluationCatalog
{
    private const string HostName = "ProbMLEvaluation";

    /// <summary>Mean log density, CRPS, interval score, coverage and PIT of predicted distributions of numbers.</summary>
    /// <remarks>One pass over the data, in constant memory. Gneiting &amp; Raftery (2007).</remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">Scored rows that the model has not seen.</param>
    /// <param name="labelColumnName">What was observed.</param>
    /// <param name="columns">What was predicted; null: the columns that ProbML's models give.</param>
    /// <param name="exampleWeightColumnName">The rows' weights, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a level is not in (0, 1).</exception>
    /// <example><code>
    /// var metrics = mlContext.Regression.EvaluateProbabilistic(model.Transform(test));
    /// Console.WriteLine($"CRPS {metrics.ContinuousRankedProbabilityScore.Value:0.000}");
    /// </code></example>
    public static ProbabilisticRegressionMetrics EvaluateProbabilistic(
        this RegressionCatalog catalog,
        IDataView data,
        string labelColumnName = "Label",
        PredictiveColumns? columns = null,
        string? exampleWeightColumnName = null)
    {
        var host = Host(catalog, data, labelColumnName);
        return NumberEvaluation.Run(host, data, labelColumnName, columns ?? new(), exampleWeightColumnName);
    }

    /// <summary>Mean log probability, Brier score and reliability of the predicted probability of "true".</summary>
    /// <remarks>One pass over the data, in constant memory. LogDensity is used where the data have it.</remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">Scored rows that the model has not seen.</param>
    /// <param name="labelColumnName">What was observed.</param>
    /// <param name="probabilityColumnName">The probability of "true".</param>
    /// <param name="exampleWeightColumnName">The rows' weights, or null.</param>
    /// <param name="bins">How many bins the reliability table has.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or there are no bins.</exception>
    public static ProbabilisticBinaryMetrics EvaluateProbabilistic(
        this BinaryClassificationCatalog catalog,
        IDataView data,
        string labelColumnName = "Label",
        string probabilityColumnName = ColumnNames.Probability,
        string? exampleWeightColumnName = null,
        int bins = 15) =>
        ClassEvaluation.Binary(
            Host(catalog, data, labelColumnName),
            data,
            labelColumnName,
            probabilityColumnName,
            exampleWeightColumnName,
            bins);

    /// <summary>Mean log probability, Brier and ranked scores and reliability of the predicted probabilities of classes.</summary>
    /// <remarks>One pass over the data, in constant memory. The label's keys find their slots by name.</remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">Scored rows that the model has not seen.</param>
    /// <param name="labelColumnName">What was observed, a key.</param>
    /// <param name="scoreColumnName">The probabilities of the classes.</param>
    /// <param name="exampleWeightColumnName">The rows' weights, or null.</param>
    /// <param name="bins">How many bins a reliability table has.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or there are no bins.</exception>
    public static ProbabilisticMulticlassMetrics EvaluateProbabilistic(
        this MulticlassClassificationCatalog catalog,
        IDataView data,
        string labelColumnName = "Label",
        string scoreColumnName = ColumnNames.Score,
        string? exampleWeightColumnName = null,
        int bins = 15) =>
        ClassEvaluation.Multiclass(
            Host(catalog, data, labelColumnName), data, labelColumnName, scoreColumnName, exampleWeightColumnName, bins);

    private static IHost Host(TrainCatalogBase catalog, IDataView data, string label)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        var host = CatalogUtils.GetEnvironment(catalog).Register(HostName);
        host.CheckValue(data, nameof(data));
        host.CheckNonWhiteSpace(label, nameof(label));
        return host;
    }
}
