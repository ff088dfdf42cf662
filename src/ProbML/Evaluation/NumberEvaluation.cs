using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML.Evaluation;

namespace ProbML;

/// <summary>Scores predicted distributions of numbers in one pass.</summary>
internal static class NumberEvaluation
{
    public static ProbabilisticRegressionMetrics Run(
        IHost host, IDataView data, string label, PredictiveColumns columns, string? weight)
    {
        var scored = new ScoredColumns(host, data.Schema);
        var usual = new PredictiveColumns();
        DataViewSchema.Column? Number(string role, string? name, string? usually) =>
            scored.Find(role, name, usually, ColumnTypes.IsNumber, ColumnTypes.Number);
        DataViewSchema.Column? Vector(string role, string? name) =>
            scored.Find(role, name, null, ScoredColumns.IsVector, ColumnTypes.Features);
        var y = scored.Require(
            "label",
            label,
            type => ColumnTypes.IsLabel(type, PredictionTask.Regression),
            ColumnTypes.Label(PredictionTask.Regression));
        var mean = scored.Require("score", columns.Mean, ColumnTypes.IsNumber, ColumnTypes.Number);
        var deviation = Number("standard deviation", columns.StandardDeviation, usual.StandardDeviation);
        var lower = Number("lower bound", columns.LowerBound, usual.LowerBound);
        var upper = Number("upper bound", columns.UpperBound, usual.UpperBound);
        var density = Number("log density", columns.LogDensity, usual.LogDensity);
        var quantiles = Vector("quantiles", columns.Quantiles);
        var draws = Vector("draws", columns.Draws);
        var weights = Number("weight", weight, null);
        if (quantiles is { } given && ((VectorDataViewType)given.Type).Size != columns.QuantileLevels.Count)
            throw host.ExceptParam(
                nameof(columns),
                $"Column '{given.Name}' has {((VectorDataViewType)given.Type).Size} quantiles for "
                + $"{columns.QuantileLevels.Count} levels.");

        var sum = new RegressionScores(columns.IntervalLevel, quantiles is null ? [] : columns.QuantileLevels);
        using var cursor = data.GetRowCursor(scored.All);
        var (readLabel, readMean) = (ScoredColumns.Number(cursor, y), ScoredColumns.Number(cursor, mean));
        var readDeviation = ScoredColumns.Number(cursor, deviation);
        var (readLower, readUpper) = (ScoredColumns.Number(cursor, lower), ScoredColumns.Number(cursor, upper));
        var readDensity = ScoredColumns.Number(cursor, density);
        var readWeight = ScoredColumns.Weight(cursor, weights);
        var readQuantiles = Reader(cursor, quantiles, out double[] quantileValues);
        var readDraws = Reader(cursor, draws, out double[] drawValues);
        while (cursor.MoveNext())
        {
            readQuantiles?.Read(quantileValues);
            readDraws?.Read(drawValues);
            Array.Sort(drawValues);
            sum.Add(
                readLabel(),
                new PredictedNumber
                {
                    Mean = readMean(),
                    StandardDeviation = readDeviation(),
                    LowerBound = readLower(),
                    UpperBound = readUpper(),
                    LogDensity = readDensity(),
                    Quantiles = quantileValues,
                    SortedDraws = drawValues,
                },
                readWeight());
        }
        return sum.Metrics;
    }

    private static FeatureReader? Reader(DataViewRow row, DataViewSchema.Column? column, out double[] values)
    {
        values = column is { } known ? new double[((VectorDataViewType)known.Type).Size] : [];
        return column is { } vector ? FeatureReader.Create(row, vector) : null;
    }
}
