using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Studio;

/// <summary>Reads columns of a data view, whatever their types: numbers as Double, texts, Booleans, vectors of these.</summary>
internal static class RowReader
{
    /// <summary>The rows, each with the values of the columns named; columns that are absent are left out.</summary>
    public static List<Dictionary<string, object>> Read(IDataView view, IEnumerable<string> names, int atMost = int.MaxValue)
    {
        DataViewSchema.Column[] columns = [.. names.Select(name => view.Schema.GetColumnOrNull(name)).OfType<DataViewSchema.Column>()];
        using var cursor = view.GetRowCursor(columns);
        var getters = Array.ConvertAll(columns, column => (column.Name, Get: Getter(cursor, column)));
        var rows = new List<Dictionary<string, object>>();
        while (rows.Count < atMost && cursor.MoveNext())
            rows.Add(getters.ToDictionary(getter => getter.Name, getter => getter.Get(), StringComparer.Ordinal));
        return rows;
    }

    /// <summary>The names of a vector's slots; empty: it has none.</summary>
    public static IReadOnlyList<string> SlotNames(IDataView view, string column)
    {
        if (view.Schema.GetColumnOrNull(column) is not { } found || !found.HasSlotNames())
            return [];
        VBuffer<ReadOnlyMemory<char>> names = default;
        found.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static Func<object> Getter(DataViewRowCursor cursor, DataViewSchema.Column column) => column.Type switch
    {
        VectorDataViewType { ItemType.RawType: var item } when item == typeof(float) =>
            Vector<float>(cursor, column, value => value),
        VectorDataViewType { ItemType.RawType: var item } when item == typeof(double) =>
            Vector<double>(cursor, column, value => value),
        VectorDataViewType { ItemType.RawType: var item } when item == typeof(bool) =>
            Vector<bool>(cursor, column, value => value ? 1 : 0),
        { RawType: var type } when type == typeof(float) => Single<float>(cursor, column, value => (double)value),
        { RawType: var type } when type == typeof(double) => Single<double>(cursor, column, value => value),
        { RawType: var type } when type == typeof(bool) => Single<bool>(cursor, column, value => value),
        { RawType: var type } when type == typeof(uint) => Single<uint>(cursor, column, value => (double)value),
        { RawType: var type } when type == typeof(int) => Single<int>(cursor, column, value => (double)value),
        TextDataViewType => Single<ReadOnlyMemory<char>>(cursor, column, value => value.ToString()),
        _ => () => column.Type.ToString()!,
    };

    private static Func<object> Single<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Func<T, object> convert)
    {
        var getter = cursor.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return convert(value);
        };
    }

    private static Func<object> Vector<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Func<T, double> convert)
    {
        var getter = cursor.GetGetter<VBuffer<T>>(column);
        return () =>
        {
            VBuffer<T> value = default;
            getter(ref value);
            return value.DenseValues().Select(convert).ToArray();
        };
    }
}
