using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Cli;

/// <summary>Scores the rows of a file block by block, in constant memory.</summary>
/// <param name="plan">The file and the model.</param>
/// <param name="level">The level of the intervals; null: the model's.</param>
internal sealed class Scorer(ScoringPlan plan, double? level)
{
    private const int BlockRows = 1024;

    /// <summary>The model, with intervals of the level.</summary>
    public FittedModel Model { get; } = level is double given ? plan.ModelFile.Final.WithLevel(given) : plan.ModelFile.Final;

    /// <summary>Where a column of the model stands in a row of its outputs.</summary>
    public int Place(string column) =>
        PlaceOrNull(column) ?? throw new ArgumentOutOfRangeException(nameof(column), column, "The model has no such column.");

    /// <summary>Where a column stands; null: the model has none such.</summary>
    public int? PlaceOrNull(string column)
    {
        int place = 0;
        foreach (var output in Model.Outputs)
        {
            if (output.Name == column)
                return place;
            place += output.Width;
        }
        return null;
    }

    /// <summary>Called with a block of rows and its outputs, [n, k].</summary>
    public delegate void Receiver(in RowBlock rows, ReadOnlySpan<float> outputs, int width);

    /// <summary>Scores every row in order.</summary>
    /// <param name="withLabel">Whether labels and weights are read, and rows without them left out.</param>
    /// <param name="receive">Given each block.</param>
    /// <param name="stop">Ends it.</param>
    public void Run(bool withLabel, Receiver receive, CancellationToken stop)
    {
        var roles = plan.ModelFile.Final.Roles;
        var view = plan.ModelFile.Features.Aggregate(
            (IDataView)plan.View(omitMissing: withLabel), (data, step) => step.Transform(data));
        string?[] wanted =
        [
            roles.Features, roles.Offset, roles.Exposure, withLabel ? roles.Label : null, withLabel ? plan.Weight : null,
            .. roles.Groups,
        ];
        var schema = view.Schema;
        using var cursor = view.GetRowCursor(wanted.OfType<string>().Distinct().Select(name => schema[name]));
        var features = cursor.GetGetter<VBuffer<double>>(schema[roles.Features]);
        var offset = Getter(cursor, roles.Offset);
        var exposure = Getter(cursor, roles.Exposure);
        var label = withLabel ? Getter(cursor, roles.Label) : null;
        var weight = withLabel ? Getter(cursor, plan.Weight) : null;

        var groups = Groups(cursor);
        int width = Model.Outputs.Sum(output => output.Width);
        var buffer = new RowBuffer(BlockRows, Model.FeatureCount, groupCount: groups.Length);
        float[] outputs = new float[BlockRows * width];
        VBuffer<double> row = default;
        long number = 0;
        buffer.Count = 0;
        while (cursor.MoveNext())
        {
            int i = buffer.Count++;
            features(ref row);
            row.CopyTo(buffer.Features.AsSpan(i * Model.FeatureCount, Model.FeatureCount));
            buffer.Offsets[i] = (offset?.Invoke() ?? 0) + (exposure is null ? 0 : Math.Log(exposure()));
            buffer.Response[i] = label?.Invoke() ?? double.NaN;
            buffer.Weights[i] = weight?.Invoke() ?? 1;
            buffer.RowNumbers[i] = ++number;
            for (int k = 0; k < groups.Length; k++)
                buffer.Groups[i * groups.Length + k] = groups[k]();
            if (withLabel && buffer.Features.AsSpan(i * Model.FeatureCount, Model.FeatureCount).ContainsAnyExceptInRange(
                double.NegativeInfinity, double.PositiveInfinity))
            {
                buffer.Count--;       // a level that was not in training
            }
            if (buffer.Count == BlockRows)
                Flush();
        }
        Flush();

        void Flush()
        {
            stop.ThrowIfCancellationRequested();
            var block = buffer.Block;
            if (block.Count > 0)
            {
                Model.Score(block, new OutputBlock(outputs.AsSpan(0, block.Count * width), width));
                receive(block, outputs, width);
            }
            buffer.Count = 0;
        }
    }

    /// <summary>The places of a row's groups among those the model knows.</summary>
    private Func<int>[] Groups(DataViewRow row)
    {
        if (Model.Model is not IGroupedModel grouped)
            return [];
        return [.. grouped.Groups.Select(Place)];

        Func<int> Place(GroupingFactor factor)
        {
            var places = factor.Levels.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal)
                .GetAlternateLookup<ReadOnlySpan<char>>();
            var getter = row.GetGetter<ReadOnlyMemory<char>>(row.Schema[factor.Name]);
            ReadOnlyMemory<char> name = default;
            return () =>
            {
                getter(ref name);
                return places.TryGetValue(name.Span, out int place) ? place : GroupingFactor.Unknown;
            };
        }
    }

    private static Func<double>? Getter(DataViewRow row, string? column)
    {
        if (column is null)
            return null;
        if (row.Schema[column].Type is BooleanDataViewType)
        {
            var flag = row.GetGetter<bool>(row.Schema[column]);
            bool isTrue = false;
            return () =>
            {
                flag(ref isTrue);
                return isTrue ? 1 : 0;
            };
        }
        if (row.Schema[column].Type is KeyDataViewType)
        {
            var key = row.GetGetter<uint>(row.Schema[column]);
            uint place = 0;
            return () =>
            {
                key(ref place);
                return place - 1.0;
            };
        }
        var number = row.GetGetter<double>(row.Schema[column]);
        double value = 0;
        return () =>
        {
            number(ref value);
            return value;
        };
    }
}
