using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Vae;

/// <summary>A column of vectors of known size, of Single or Double.</summary>
internal sealed class VectorColumn
{
    private readonly IDataView data;
    private readonly DataViewSchema.Column column;

    private VectorColumn(IDataView data, DataViewSchema.Column column) => (this.data, this.column) = (data, column);

    /// <exception cref="ArgumentException">There is no such column.</exception>
    public static VectorColumn Of(IDataView data, string name, int size)
    {
        ArgumentNullException.ThrowIfNull(data);
        var column = data.Schema.GetColumnOrNull(name)
            ?? throw new ArgumentException(
                $"The data have no column '{name}'; they have {string.Join(", ", data.Schema.Select(one => one.Name))}.",
                nameof(name));
        if (column.Type is not VectorDataViewType { ItemType: NumberDataViewType item } vector
            || vector.Size != size
            || (item != NumberDataViewType.Single && item != NumberDataViewType.Double))
            throw new ArgumentException(
                $"The column '{name}' must be a vector of {size} Single or Double, but is {column.Type}.", nameof(name));
        return new(data, column);
    }

    /// <summary>The vectors, row by row.</summary>
    public IEnumerable<double[]> Rows() => ((VectorDataViewType)column.Type).ItemType == NumberDataViewType.Double
        ? data.GetColumn<double[]>(column)
        : data.GetColumn<float[]>(column).Select(row => Array.ConvertAll(row, value => (double)value));

    /// <summary>Gives a column its name, its size and the names of its slots.</summary>
    public static void Describe(SchemaDefinition.Column column, string name, IReadOnlyList<string> slots)
    {
        column.ColumnName = name;
        column.ColumnType = new VectorDataViewType(NumberDataViewType.Single, slots.Count);
        ReadOnlyMemory<char>[] names = [.. slots.Select(slot => slot.AsMemory())];
        column.AddAnnotation(
            "SlotNames",
            new VBuffer<ReadOnlyMemory<char>>(names.Length, names),
            new VectorDataViewType(TextDataViewType.Instance, names.Length));
    }
}
