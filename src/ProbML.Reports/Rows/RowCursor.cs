using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Reports.Rows;

/// <summary>Scored rows one after the other, their columns as numbers where the data have them.</summary>
internal sealed class RowCursor : IDisposable
{
    private const int Pause = 1 << 14;
    private readonly DataViewRowCursor cursor;
    private readonly ReportOptions options;

    public RowCursor(IDataView data, IEnumerable<string> columns, ReportOptions options)
    {
        this.options = options;
        var wanted = columns.Distinct().Select(name => data.Schema.GetColumnOrNull(name)).OfType<DataViewSchema.Column>();
        cursor = data.GetRowCursor([.. wanted]);
    }

    /// <summary>The rows read.</summary>
    public long Count { get; private set; }

    public bool MoveNext()
    {
        if (Count % Pause == 0)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            options.Progress?.Report(Count);
        }
        if (!cursor.MoveNext())
            return false;
        Count++;
        return true;
    }

    /// <summary>A single number; another where the data have no such column of numbers.</summary>
    public Func<double> Number(string? name, double otherwise = double.NaN) =>
        Find(name) is { } column && IsNumber(column.Type) ? NumberGetter.Create(cursor, column) : () => otherwise;

    /// <summary>A vector of numbers; null: the data have no such column.</summary>
    public Func<double[]>? Vector(string? name)
    {
        if (Find(name) is not { } column || !ScoredColumns.IsVector(column.Type))
            return null;
        int size = ((VectorDataViewType)column.Type).Size;
        var reader = FeatureReader.Create(cursor, column);
        return () =>
        {
            double[] values = new double[size];
            reader.Read(values);
            return values;
        };
    }

    /// <summary>The texts of columns of levels, by name.</summary>
    public Func<IReadOnlyDictionary<string, string>> Texts(IReadOnlyList<string> names)
    {
        var readers = names.Where(name => Find(name)?.Type is TextDataViewType or KeyDataViewType).Select(name => (name, Text(name))).ToArray();
        return () => readers.ToDictionary(reader => reader.name, reader => reader.Item2(), StringComparer.Ordinal);
    }

    /// <summary>A level, or a number, in words; null: nobody asks.</summary>
    public Func<string>? Category(string? name)
    {
        if (Find(name) is not { } column)
            return null;
        if (column.Type is TextDataViewType or KeyDataViewType)
            return Text(column.Name);
        var number = Number(name);
        return () => Html.Text.Number(number());
    }

    public void Dispose() => cursor.Dispose();

    public static bool IsNumber(DataViewType type) => type is NumberDataViewType or BooleanDataViewType or KeyDataViewType;

    private Func<string> Text(string name)
    {
        var column = Find(name)!.Value;
        if (column.Type is KeyDataViewType)
        {
            var (place, names) = (NumberGetter.Create(cursor, column), ClassLabels.Of(column)?.Names);
            return () => names is not null && place() is var k && k >= 0 && k < names.Count ? names[(int)k] : "";
        }
        var getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            getter(ref value);
            return value.ToString();
        };
    }

    private DataViewSchema.Column? Find(string? name) => name is null ? null : cursor.Schema.GetColumnOrNull(name);
}
