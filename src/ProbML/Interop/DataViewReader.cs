using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>One pass of one cursor over a <see cref="DataViewDesign"/>; bad rows are left out and counted.</summary>
internal sealed class DataViewReader : IDesignReader
{
    private readonly DataViewDesign design;
    private readonly DataViewRowCursor cursor;
    private readonly FeatureReader features;
    private readonly Func<double>? label;
    private readonly Func<double>? weight;
    private readonly Func<double>? offset;
    private readonly Func<double>? exposure;
    private readonly Func<int>[] groups;
    private long read;
    private long skipped;

    public DataViewReader(DataViewDesign design)
    {
        this.design = design;
        DataViewSchema.Column?[] columns =
            [design.Features, design.Label, design.Weight, design.Offset, design.Exposure, .. design.GroupColumns];
        cursor = design.Data.GetRowCursor(columns.OfType<DataViewSchema.Column>().DistinctBy(column => column.Index));
        features = FeatureReader.Create(cursor, design.Features);
        label = design.Label is { } response && design.Classes is { } classes
            ? NumberGetter.Create(cursor, response, classes.Match(classes)!)
            : Getter(design.Label);
        weight = Getter(design.Weight);
        offset = Getter(design.Offset);
        exposure = Getter(design.Exposure);
        groups = [.. design.GroupColumns.Select((column, k) => LevelColumn.Of(column)!.Indexer(cursor, design.Groups[k].Levels))];
    }

    public bool Read(RowBuffer buffer)
    {
        buffer.Count = 0;
        while (!buffer.IsFull && cursor.MoveNext())
        {
            if (!ReadRow(buffer))
                skipped++;
        }
        read += buffer.Count;
        if (!buffer.IsFull)
            design.EndPass(read, skipped);
        return buffer.Count > 0;
    }

    public void Dispose() => cursor.Dispose();

    /// <summary>False: a group is missing.</summary>
    private bool ReadGroups(RowBuffer buffer, int index)
    {
        bool known = true;
        for (int k = 0; k < groups.Length; k++)
        {
            int place = groups[k]();
            buffer.Groups[index * groups.Length + k] = place;
            known &= place >= 0;
        }
        return known;
    }

    private Func<double>? Getter(DataViewSchema.Column? column) =>
        column is { } found ? NumberGetter.Create(cursor, found) : null;

    /// <summary>Adds the row under the cursor to the buffer, unless something of it is missing.</summary>
    private bool ReadRow(RowBuffer buffer)
    {
        int index = buffer.Count, entries = 0;
        double y = label?.Invoke() ?? double.NaN, w = weight?.Invoke() ?? 1, o = offset?.Invoke() ?? 0;
        if (exposure is not null)
        {
            double amount = exposure();
            o += amount > 0 ? Math.Log(amount) : double.NaN;
        }
        if ((label is not null && !double.IsFinite(y)) || !(w >= 0 && double.IsFinite(w)) || !double.IsFinite(o))
            return false;
        if (buffer.GroupCount == groups.Length && !ReadGroups(buffer, index))
            return false;
        if (buffer.IsSparse)
        {
            entries = features.ReadSparseFinite(buffer);
            if (entries < 0)
                return false;
        }
        else
        {
            var x = buffer.Features.AsSpan(index * buffer.FeatureCount, buffer.FeatureCount);
            if (!(design.TakesMissingValues ? features.ReadObserved(x) : features.ReadFinite(x)))
                return false;
        }
        if (design.Task == PredictionTask.BinaryClassification && y is not (0 or 1))
            throw design.Host.Except(
                $"Labels of a binary classification must be 0 or 1, but row {cursor.Position + 1} of "
                + $"'{design.ResponseName}' is {y}. Correct such labels or choose a regression trainer.");
        buffer.Response[index] = y;
        buffer.Weights[index] = w;
        buffer.Offsets[index] = o;
        buffer.RowNumbers[index] = cursor.Position + 1;
        if (buffer.IsSparse)
            buffer.EndSparseRow(entries);
        else
            buffer.Count++;
        return true;
    }
}
