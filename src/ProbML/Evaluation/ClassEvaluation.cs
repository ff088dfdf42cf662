using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML.Evaluation;

namespace ProbML;

/// <summary>Scores predicted probabilities in one pass.</summary>
internal static class ClassEvaluation
{
    public static ProbabilisticBinaryMetrics Binary(
        IHost host, IDataView data, string label, string probability, string? weight, int bins)
    {
        var scored = new ScoredColumns(host, data.Schema);
        var y = scored.Require(
            "label",
            label,
            type => ColumnTypes.IsLabel(type, PredictionTask.BinaryClassification),
            ColumnTypes.Label(PredictionTask.BinaryClassification));
        var p = scored.Require("probability", probability, ColumnTypes.IsNumber, ColumnTypes.Number);
        var density = scored.Find(
            "log density", ColumnNames.LogDensity, ColumnNames.LogDensity, ColumnTypes.IsNumber, ColumnTypes.Number);
        var weights = scored.Find("weight", weight, null, ColumnTypes.IsNumber, ColumnTypes.Number);
        var sum = new BinaryScores(bins);
        using var cursor = data.GetRowCursor(scored.All);
        var (readLabel, readProbability) = (ScoredColumns.Number(cursor, y), ScoredColumns.Number(cursor, p));
        var (readDensity, readWeight) = (ScoredColumns.Number(cursor, density), ScoredColumns.Weight(cursor, weights));
        while (cursor.MoveNext())
        {
            double found = readLabel();
            if (found is 0 or 1)
                sum.Add(found == 1, readProbability(), readWeight(), readDensity());
            else
                sum.Skip();
        }
        return sum.Metrics;
    }

    public static ProbabilisticMulticlassMetrics Multiclass(
        IHost host, IDataView data, string label, string score, string? weight, int bins)
    {
        var scored = new ScoredColumns(host, data.Schema);
        var y = scored.Require(
            "label",
            label,
            type => type is KeyDataViewType,
            ColumnTypes.Label(PredictionTask.MulticlassClassification));
        var p = scored.Require("score", score, ScoredColumns.IsVector, ColumnTypes.Features);
        var weights = scored.Find("weight", weight, null, ColumnTypes.IsNumber, ColumnTypes.Number);
        int count = ((VectorDataViewType)p.Type).Size;
        double[] places = ClassPlaces.Of(host, y, p);
        var sum = new MulticlassScores(count, bins);
        double[] probabilities = new double[count];
        using var cursor = data.GetRowCursor(scored.All);
        var readLabel = NumberGetter.Create(cursor, y, places);
        var readWeight = ScoredColumns.Weight(cursor, weights);
        var reader = FeatureReader.Create(cursor, p);
        while (cursor.MoveNext())
        {
            reader.Read(probabilities);
            double found = readLabel();
            sum.Add(double.IsNaN(found) ? -1 : (int)found, probabilities, readWeight());
        }
        return sum.Metrics;
    }
}
