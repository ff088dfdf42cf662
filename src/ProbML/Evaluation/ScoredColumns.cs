using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>Finds the columns that an evaluation reads, and reads them from a cursor.</summary>
internal sealed class ScoredColumns(IHost host, DataViewSchema schema)
{
    private readonly Dictionary<string, DataViewSchema.Column> found = [];

    /// <summary>The columns found so far.</summary>
    public IEnumerable<DataViewSchema.Column> All => found.Values.DistinctBy(column => column.Index);

    /// <summary>Finds a column of numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it is of another type.</exception>
    public DataViewSchema.Column Require(string role, string name, Predicate<DataViewType> suits, string expected)
    {
        var column = schema.GetColumnOrNull(name) ?? throw host.ExceptSchemaMismatch(nameof(schema), role, name);
        if (!suits(column.Type))
            throw host.ExceptSchemaMismatch(nameof(schema), role, name, expected, column.Type.ToString());
        return found[name] = column;
    }

    /// <summary>Finds a column that may be absent where it has its usual name; null: it is, or none is named.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has another name and is absent, or is of another type.</exception>
    public DataViewSchema.Column? Find(
        string role, string? name, string? usual, Predicate<DataViewType> suits, string expected) =>
        name is null || (name == usual && schema.GetColumnOrNull(name) is null)
            ? null
            : Require(role, name, suits, expected);

    /// <summary>Reads a number; NaN where there is no such column.</summary>
    public static Func<double> Number(DataViewRow row, DataViewSchema.Column? column) =>
        column is { } known ? NumberGetter.Create(row, known) : () => double.NaN;

    /// <summary>Reads a weight; one where there is no such column.</summary>
    public static Func<double> Weight(DataViewRow row, DataViewSchema.Column? column) =>
        column is { } known ? NumberGetter.Create(row, known) : () => 1;

    public static bool IsVector(DataViewType type) =>
        type is VectorDataViewType { IsKnownSize: true } vector && ColumnTypes.IsNumber(vector.ItemType);
}
