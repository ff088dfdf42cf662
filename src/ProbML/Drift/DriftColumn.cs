using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>A column of both samples: what it is called, and where it stands in each row's numbers.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Slots">The names of its numbers: one, or those of a vector.</param>
/// <param name="Levels">The levels it has in either sample; null: it holds numbers.</param>
/// <param name="Kind">What another sample's column of this name must be.</param>
internal sealed record DriftColumn(string Name, IReadOnlyList<string> Slots, IReadOnlyList<string>? Levels, string Kind)
{
    /// <summary>The columns that both samples have and that can be compared.</summary>
    /// <exception cref="ArgumentException">The samples' columns differ, or none can be compared.</exception>
    public static List<DriftColumn> Find(IHost host, IDataView reference, IDataView current, DriftOptions options)
    {
        var differences = new List<string>();
        var columns = new List<DriftColumn>();
        string[] names = options.Columns is { } wanted
            ? [.. wanted]
            : [.. reference.Schema.Concat(current.Schema).Where(column => !column.IsHidden && CanCompare(column.Type))
                .Select(column => column.Name).Distinct()];
        foreach (string name in names.Except(options.Ignore))
        {
            var (a, b) = (reference.Schema.GetColumnOrNull(name), current.Schema.GetColumnOrNull(name));
            if (a is not { } left || b is not { } right)
                differences.Add($"'{name}' is not in the {(a is null ? "reference" : "current")} sample");
            else if (!CanCompare(left.Type) || KindOf(left.Type) != KindOf(right.Type))
                differences.Add($"'{name}' is {left.Type} in the reference and {right.Type} in the current sample");
            else
                columns.Add(Of(left, right, reference, current));
        }
        Refuse(host, differences);
        if (columns.Count == 0)
            throw host.ExceptParam(
                nameof(current), "No column can be compared: give numbers, Booleans, text, keys or vectors of numbers of known size.");
        return columns;
    }

    /// <summary>Checks that other rows have the columns too.</summary>
    /// <exception cref="ArgumentException">One is absent or of another kind.</exception>
    public static void Check(IHost host, IReadOnlyList<DriftColumn> columns, DataViewSchema schema)
    {
        var differences = new List<string>();
        foreach (var column in columns)
        {
            if (schema.GetColumnOrNull(column.Name) is not { } found)
                differences.Add($"'{column.Name}' is not in the current sample");
            else if (KindOf(found.Type) != column.Kind)
                differences.Add($"'{column.Name}' is a column of {column.Kind} in the reference and {found.Type} in the current sample");
        }
        Refuse(host, differences);
    }

    /// <summary>Fills the column's numbers from the row under a cursor: values, or the place of the level; NaN where missing.</summary>
    public Action<double[], int> Reader(DataViewRow row)
    {
        var column = row.Schema[Name];
        if (Levels is not null)
        {
            var index = LevelColumn.Of(column)!.Indexer(row, Levels);
            return (values, at) => values[at] = index() is var place && place >= 0 ? place : double.NaN;
        }
        if (column.Type is VectorDataViewType)
        {
            var reader = FeatureReader.Create(row, column);
            return (values, at) => reader.Read(values.AsSpan(at, Slots.Count));
        }
        var number = NumberGetter.Create(row, column);
        return (values, at) => values[at] = number();
    }

    private static void Refuse(IHost host, List<string> differences)
    {
        if (differences.Count > 0)
            throw host.ExceptParam(
                "current",
                $"The samples have different columns: {string.Join("; ", differences)}. Name those to compare in Columns, or to "
                + "leave out in Ignore.");
    }

    private static DriftColumn Of(
        DataViewSchema.Column left, DataViewSchema.Column right, IDataView reference, IDataView current)
    {
        return new(left.Name, SlotsOf(left), IsLevel(left.Type)
            ? [.. LevelsOf(left, reference).Union(LevelsOf(right, current))]
            : null, KindOf(left.Type));
    }

    /// <summary>The names of a column's numbers.</summary>
    public static string[] SlotsOf(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType vector)
            return [column.Name];
        var names = SlotNames.Of(column);
        return [.. Enumerable.Range(0, vector.Size).Select(j => $"{column.Name}.{(names?[j] is { Length: > 0 } name ? name : j)}")];
    }

    private static string[] LevelsOf(DataViewSchema.Column column, IDataView data)
    {
        using var cursor = data.GetRowCursor([column]);
        var (collect, levels) = LevelColumn.Of(column)!.Learner(cursor);
        while (cursor.MoveNext())
            collect();
        return levels();
    }

    public static bool CanCompare(DataViewType type) => KindOf(type).Length > 0;

    public static bool IsLevel(DataViewType type) => type is TextDataViewType or BooleanDataViewType or KeyDataViewType;

    /// <summary>What two columns must have in common; empty: it cannot be compared.</summary>
    private static string KindOf(DataViewType type) => type switch
    {
        KeyDataViewType or TextDataViewType => "levels",
        BooleanDataViewType => "Boolean",
        NumberDataViewType => "number",
        VectorDataViewType { Size: > 0 } vector when ColumnTypes.IsNumber(vector.ItemType) => $"vector of {vector.Size}",
        _ => "",
    };
}
