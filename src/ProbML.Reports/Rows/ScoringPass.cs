using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Evaluation;
using ProbML.Reports.Facts;

namespace ProbML.Reports.Rows;

/// <summary>Reads scored rows once, in constant memory, and sums up what is asked of each.</summary>
internal sealed class ScoringPass(PipelineFacts pipeline, IDataView scored, ReportOptions options)
{
    private const long MostFeatures = 4_000_000;           // numbers of features that are held
    private readonly ColumnRoles? roles = pipeline.Own?.Roles;

    /// <exception cref="ArgumentException">The data have no label or no prediction, or no row has both.</exception>
    public ScoredRows Run() => pipeline.Task switch
    {
        PredictionTask.Regression => Numbers(),
        PredictionTask.BinaryClassification => Binary(),
        PredictionTask.MulticlassClassification => Classes(),
        _ => Plain(),
    };

    private NumberRows Numbers()
    {
        string label = Label();
        string? quantiles = pipeline.QuantileLevels.Count > 0 ? Flows.ConditionalFlowModel.Quantiles : null;
        var sum = new RegressionScores(pipeline.Level ?? 0.95, pipeline.QuantileLevels);
        using var rows = Open(label, quantiles);
        var (y, mean, deviation) = (rows.Number(label), rows.Number(ColumnNames.Score), rows.Number(ColumnNames.ScoreStandardDeviation));
        var (lower, upper) = (rows.Number(ColumnNames.LowerBound), rows.Number(ColumnNames.UpperBound));
        var (density, weight) = (rows.Number(ColumnNames.LogDensity), rows.Number(options.ExampleWeightColumnName, 1));
        var vector = rows.Vector(quantiles);
        var held = Hold(rows);
        while (rows.MoveNext())
        {
            double[] values = vector?.Invoke() ?? [];
            var row = new SampledRow
            {
                Label = y(), Mean = mean(), StandardDeviation = deviation(), LowerBound = lower(), UpperBound = upper(), Weight = weight(), Vector = values,
            };
            sum.Add(
                row.Label,
                new PredictedNumber
                {
                    Mean = row.Mean, StandardDeviation = row.StandardDeviation, LowerBound = row.LowerBound, UpperBound = row.UpperBound,
                    LogDensity = density(), Quantiles = values,
                },
                row.Weight);
            if (double.IsFinite(row.Label) && double.IsFinite(row.Mean) && row.Weight > 0)
                held.Offer(row);
        }
        Check(rows.Count, sum.Metrics.Rows, label);
        return new() { Count = rows.Count, Sample = held.Rows, Metrics = sum.Metrics };
    }

    private BinaryRows Binary()
    {
        string label = Label();
        if (scored.Schema.GetColumnOrNull(ColumnNames.Probability) is null)
            throw new ArgumentException(
                $"The model gives no column '{ColumnNames.Probability}' to judge. Calibrate it, as with BinaryClassification.Calibrators.Platt.");
        var sum = new BinaryScores();
        using var rows = Open(label, null);
        var (y, p, density) = (rows.Number(label), rows.Number(ColumnNames.Probability), rows.Number(ColumnNames.LogDensity));
        var (lower, upper) = (rows.Number(ColumnNames.ProbabilityLowerBound), rows.Number(ColumnNames.ProbabilityUpperBound));
        var weight = rows.Number(options.ExampleWeightColumnName, 1);
        var held = Hold(rows);
        while (rows.MoveNext())
        {
            var row = new SampledRow { Label = y(), Mean = p(), LowerBound = lower(), UpperBound = upper(), Weight = weight() };
            if (row.Label is not (0 or 1))
            {
                sum.Skip();
                continue;
            }
            sum.Add(row.Label == 1, row.Mean, row.Weight, density());
            if (double.IsFinite(row.Mean) && row.Weight > 0)
                held.Offer(row);
        }
        Check(rows.Count, sum.Metrics.Rows, label);
        return new() { Count = rows.Count, Sample = held.Rows, Metrics = sum.Metrics };
    }

    private ClassRows Classes()
    {
        string label = Label();
        var (target, score) = (scored.Schema[label], scored.Schema[ColumnNames.Score]);
        int count = ((VectorDataViewType)score.Type).Size;
        var slots = SlotNames.Of(score) ?? (pipeline.Own?.ClassNames is { Count: > 0 } own && own.Count == count ? own : null);
        var keys = ClassLabels.Of(target);
        var names = slots ?? (keys?.Count == count ? keys.Names : null) ?? [.. Enumerable.Range(1, count).Select(k => Html.Text.Number(k))];
        double[]? places = slots is not null && keys is not null ? new ClassLabels(slots, TypeCode.String).Match(keys) : null;
        var (sum, confusion) = (new MulticlassScores(count), new long[count, count]);
        using var rows = Open(label, ColumnNames.Score);
        var (y, vector, weight) = (rows.Number(label), rows.Vector(ColumnNames.Score)!, rows.Number(options.ExampleWeightColumnName, 1));
        var held = Hold(rows);
        while (rows.MoveNext())
        {
            double[] probabilities = vector();
            double found = y();
            if (places is not null)
                found = found >= 0 && found < places.Length ? places[(int)found] : double.NaN;
            int k = double.IsNaN(found) ? -1 : (int)found;
            double w = weight();
            sum.Add(k, probabilities, w);
            if (k < 0 || k >= count || !Array.TrueForAll(probabilities, double.IsFinite))
                continue;
            confusion[k, Array.IndexOf(probabilities, probabilities.Max())]++;
            held.Offer(new SampledRow { Label = k, Vector = probabilities, Weight = w });
        }
        Check(rows.Count, sum.Metrics.Rows, label);
        return new() { Count = rows.Count, Sample = held.Rows, Metrics = sum.Metrics, Classes = names, Confusion = confusion };
    }

    private PlainRows Plain()
    {
        if (options.LabelColumnName is { } wanted && scored.Schema.GetColumnOrNull(wanted) is null)
            throw new ArgumentException($"The data have no column '{wanted}'; they have {string.Join(", ", Visible())}.");
        using var rows = Open(options.LabelColumnName, null);
        var (kind, score) = (rows.Category(options.LabelColumnName), rows.Number(pipeline.ScoreColumn));
        var held = Hold(rows);
        while (rows.MoveNext())
            held.Offer(new SampledRow { Mean = score(), Category = kind?.Invoke() });
        CheckRead(rows.Count);
        return new() { Count = rows.Count, Sample = held.Rows };
    }

    /// <exception cref="ArgumentException">The data have no such column, or it holds something else.</exception>
    private string Label()
    {
        string name = options.LabelColumnName ?? roles?.Label ?? "Label";
        if (scored.Schema.GetColumnOrNull(name) is not { } column)
            throw new ArgumentException(
                $"The data have no column '{name}' of what was observed; they have {string.Join(", ", Visible())}. Name it in "
                + "ReportOptions.LabelColumnName, or leave the data out for what the model itself knows.");
        string needed = pipeline.Task == PredictionTask.MulticlassClassification ? "a key" : "a number or Boolean";
        bool suits = pipeline.Task == PredictionTask.MulticlassClassification
            ? column.Type is KeyDataViewType or NumberDataViewType
            : column.Type is NumberDataViewType or BooleanDataViewType;
        if (!suits)
            throw new ArgumentException($"Column '{name}' of what was observed must be {needed}, but is {column.Type}.");
        if (options.ExampleWeightColumnName is { } weight && scored.Schema.GetColumnOrNull(weight) is null)
            throw new ArgumentException($"The data have no column '{weight}' of weights; they have {string.Join(", ", Visible())}.");
        return name;
    }

    private IEnumerable<string> Visible() => scored.Schema.Where(one => !one.IsHidden).Take(40).Select(one => $"'{one.Name}'");

    private static void CheckRead(long rows)
    {
        if (rows == 0)
            throw new ArgumentException("The data have no rows: there is nothing to judge the model by. Leave the data out for what the model itself knows.");
    }

    private static void Check(long read, long used, string label)
    {
        CheckRead(read);
        if (used == 0)
            throw new ArgumentException($"None of the {read} rows has both a value of '{label}' and a prediction.");
    }

    private RowCursor Open(string? label, string? vector) => new(
        scored,
        ((IEnumerable<string?>)
        [
            label, vector, ColumnNames.Score, ColumnNames.ScoreStandardDeviation, ColumnNames.LowerBound, ColumnNames.UpperBound,
            ColumnNames.LogDensity, ColumnNames.Probability, ColumnNames.ProbabilityLowerBound, ColumnNames.ProbabilityUpperBound,
            pipeline.ScoreColumn, options.ExampleWeightColumnName, pipeline.FeatureColumn, roles?.Offset, roles?.Exposure, .. roles?.Groups ?? [],
        ]).OfType<string>(),
        options);

    private HeldRows Hold(RowCursor rows)
    {
        int size = pipeline.FeatureColumn is { } name && scored.Schema.GetColumnOrNull(name)?.Type is VectorDataViewType type ? type.Size : 0;
        int most = size == 0 ? options.MaximumRows : (int)Math.Clamp(MostFeatures / size, 1, options.MaximumRows);
        return new(new Reservoir(most, options.Seed), rows, pipeline.FeatureColumn, roles);
    }
}
