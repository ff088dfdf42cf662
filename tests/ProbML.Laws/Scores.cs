using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Laws;

/// <summary>The columns that a transformer has added to a data view, in memory: an array of numbers a row.</summary>
public sealed class Scores
{
    private Scores(IReadOnlyList<string> names, List<float[]> rows) => (Names, Rows) = (names, rows);

    /// <summary>The names, a vector's once for each of its slots.</summary>
    public IReadOnlyList<string> Names { get; }

    public List<float[]> Rows { get; }

    /// <summary>One column of single numbers; of a column of vectors, their first.</summary>
    public IReadOnlyList<float> this[string name] =>
        [.. Rows.Select(row => row[Names.ToList().IndexOf(name)])];

    /// <summary>One column, each row's numbers together.</summary>
    public IReadOnlyList<float[]> Slots(string name)
    {
        int start = Names.ToList().IndexOf(name), count = Names.Count(one => one == name);
        return [.. Rows.Select(row => row[start..(start + count)])];
    }

    /// <summary>The columns added to a schema: those that carry a trainer's annotation, hidden ones left out.</summary>
    public static List<DataViewSchema.Column> Columns(DataViewSchema schema) =>
    [
        .. schema.Where(column =>
            !column.IsHidden && column.Annotations.Schema.GetColumnOrNull("ScoreColumnSetId") is not null),
    ];

    public static Scores Read(IDataView view, params string[] without)
    {
        var columns = Columns(view.Schema).Where(column => !without.Contains(column.Name)).ToList();
        using var cursor = view.GetRowCursor(columns);
        return Read(cursor, columns, cursor.MoveNext);
    }

    /// <summary>Reads rows one by one through the mapper that prediction engines use.</summary>
    public static Scores ReadRowByRow(ITransformer transformer, IDataView view)
    {
        var mapper = transformer.GetRowToRowMapper(view.Schema);
        var columns = Columns(mapper.OutputSchema);
        using var cursor = view.GetRowCursor(mapper.GetDependencies(columns));
        using var row = mapper.GetRow(cursor, columns);
        return Read(row, columns, cursor.MoveNext);
    }

    public static Scores Read(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns, Func<bool> moveNext)
    {
        var readers = columns.Select(column => Reader(row, column)).ToArray();
        var names = columns.SelectMany(column =>
            Enumerable.Repeat(column.Name, column.Type is VectorDataViewType vector ? vector.Size : 1));
        var rows = new List<float[]>();
        while (moveNext())
            rows.Add([.. readers.SelectMany(reader => reader())]);
        return new([.. names], rows);
    }

    public void AssertEqual(Scores other, double tolerance = 0)
    {
        Assert.Equal(Names, other.Names);
        Assert.Equal(Rows.Count, other.Rows.Count);
        for (int i = 0; i < Rows.Count; i++)
            for (int k = 0; k < Names.Count; k++)
                AssertClose(Rows[i][k], other.Rows[i][k], tolerance, $"{Names[k]} of row {i}");
    }

    public static void AssertClose(double expected, double found, double tolerance, string what)
    {
        bool isClose = Math.Abs(expected - found) <= tolerance * Math.Max(1, Math.Abs(expected));
        Assert.True(expected.Equals(found) || isClose, $"{what}: {expected:R} and {found:R}");
    }

    private static Func<float[]> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
        {
            var vector = row.GetGetter<VBuffer<float>>(column);
            VBuffer<float> values = default;
            return () =>
            {
                vector(ref values);
                return [.. values.DenseValues()];
            };
        }
        if (column.Type is BooleanDataViewType)
        {
            var flag = row.GetGetter<bool>(column);
            bool yes = false;
            return () =>
            {
                flag(ref yes);
                return [yes ? 1 : 0];
            };
        }
        if (column.Type is KeyDataViewType)
        {
            var key = row.GetGetter<uint>(column);
            uint number = 0;
            return () =>
            {
                key(ref number);
                return [number];
            };
        }
        var single = row.GetGetter<float>(column);
        float value = 0;
        return () =>
        {
            single(ref value);
            return [value];
        };
    }
}
