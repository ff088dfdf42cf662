using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>The rows of a data view as a <see cref="Design"/>, read by a new cursor on each pass.</summary>
internal sealed class DataViewDesign : Design
{
    private const int FewestSparseFeatures = 200;         // with fewer, dense rows are as fast
    private const int SparseShare = 8;                    // at most one feature in so many is not zero
    private const int RowsLookedAt = 1000;

    private readonly Lazy<bool> isSparse;
    private readonly IReadOnlyList<string>? classNames;
    private readonly bool mayBeEmpty;
    private long skippedRows;

    public DataViewDesign(
        IHost host,
        IDataView data,
        ColumnRoles roles,
        PredictionTask task,
        ClassLabels? classes = null,
        bool takesMissingValues = false,
        bool mayBeEmpty = false)
        : base(FeatureNamesOf(data.Schema[roles.Features]), task.HasLabel() ? roles.Label : "")
    {
        Host = host;
        Data = data;
        Task = task;
        Features = data.Schema[roles.Features];
        TakesMissingValues = takesMissingValues;
        this.mayBeEmpty = mayBeEmpty;
        Label = task.HasLabel() ? data.Schema[roles.Label] : null;
        Weight = roles.Weight is null ? null : data.Schema[roles.Weight];
        Offset = roles.Offset is null ? null : data.Schema[roles.Offset];
        Exposure = roles.Exposure is null ? null : data.Schema[roles.Exposure];
        GroupColumns = [.. roles.Groups.Select(name => data.Schema[name])];
        Groups = LearnGroups();
        isSparse = new Lazy<bool>(LooksSparse);
        if (Label is not { } label)
            return;
        if (!ColumnTypes.IsLabel(label.Type, task))
            throw host.ExceptSchemaMismatch(
                "inputSchema", "label", label.Name, ColumnTypes.Label(task), label.Type.ToString());
        Classes = classes;
        classNames = classes?.Names ?? (ClassLabels.Of(label) is { HasValues: true } keys ? keys.Names : null);
    }

    public IHost Host { get; }

    public IDataView Data { get; }

    public PredictionTask Task { get; }

    /// <summary>The classes of a multiclass label.</summary>
    public ClassLabels? Classes { get; }

    public DataViewSchema.Column Features { get; }

    /// <summary>Whether a feature may be NaN.</summary>
    public bool TakesMissingValues { get; }

    /// <summary>The response; null: the task has none.</summary>
    public DataViewSchema.Column? Label { get; }

    public DataViewSchema.Column? Weight { get; }

    public DataViewSchema.Column? Offset { get; }

    public DataViewSchema.Column? Exposure { get; }

    /// <summary>The columns of groups, in the order of <see cref="Groups"/>.</summary>
    public IReadOnlyList<DataViewSchema.Column> GroupColumns { get; }

    /// <summary>The groups that occur, found in one pass over their columns.</summary>
    public override IReadOnlyList<GroupingFactor> Groups { get; }

    public override bool HasResponse => Label.HasValue;

    public override bool HasWeights => Weight.HasValue;

    public override bool HasOffsets => Offset.HasValue || Exposure.HasValue;

    public override long SkippedRows => Volatile.Read(ref skippedRows);

    /// <summary>Whether the first rows have many features of which few are not zero.</summary>
    public override bool IsSparse => isSparse.Value;

    public override IDesignReader OpenReader() => new DataViewReader(this);

    public override IReadOnlyList<string> ResponseLevels => classNames ?? [];

    public override string? DescribeResponse(double response) => Label?.Type is BooleanDataViewType
        ? response switch { 0 => "false", 1 => "true", _ => null }
        : classNames is not null && response >= 0 && response < classNames.Count && response == Math.Floor(response)
            ? classNames[(int)response]
            : null;

    /// <summary>What a row that is left out lacks, in ML.NET's words.</summary>
    public string WhatIsRead => Parts(this);

    /// <summary>What a row of a design must have, in ML.NET's words.</summary>
    public static string Parts(Design design) =>
        (design.HasResponse ? "features/label/weight" : "features/weight") + (design.Groups.Count > 0 ? "/group" : "");

    /// <summary>The names of the features, from the column's slots.</summary>
    public static string[] FeatureNamesOf(DataViewSchema.Column features)
    {
        int size = ((VectorDataViewType)features.Type).Size;
        var slots = SlotNames.Of(features);
        var names = new string[size];
        for (int j = 0; j < size; j++)
            names[j] = slots is not null && slots[j].Length > 0 ? slots[j] : $"{features.Name}[{j}]";
        return names;
    }

    /// <summary>A pass has ended: says so, and that nothing was found if nothing was.</summary>
    public void EndPass(long read, long skipped)
    {
        Volatile.Write(ref skippedRows, skipped);
        if (read == 0 && !mayBeEmpty)
            throw Host.Except(skipped == 0
                ? "No valid training instances found, the data have no rows."
                : $"No valid training instances found, all {skipped} instances have missing {WhatIsRead}.");
    }

    private IReadOnlyList<GroupingFactor> LearnGroups()
    {
        if (GroupColumns.Count == 0)
            return [];
        using var cursor = Data.GetRowCursor(GroupColumns);
        var learners = GroupColumns.Select(column => LevelColumn.Of(column)!.Learner(cursor)).ToList();
        while (cursor.MoveNext())
        {
            foreach (var (collect, _) in learners)
                collect();
        }
        return [.. GroupColumns.Select((column, k) => new GroupingFactor(column.Name, learners[k].Levels()))];
    }

    private bool LooksSparse()
    {
        if (FeatureCount < FewestSparseFeatures || TakesMissingValues)
            return false;
        var room = new RowBuffer(1, FeatureCount, sparse: true);
        using var cursor = Data.GetRowCursor([Features]);
        var reader = FeatureReader.Create(cursor, Features);
        long entries = 0, rows = 0;
        for (; rows < RowsLookedAt && cursor.MoveNext(); rows++)
            entries += reader.ReadSparse(FeatureCount, room.StartSparseRow).Count;
        return rows > 0 && entries * SparseShare <= rows * FeatureCount;
    }
}
