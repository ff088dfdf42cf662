using System.Text.Json.Serialization;
using Microsoft.ML;

namespace ProbML;

/// <summary>A sample's rows in memory: the numbers of all columns, levels as places, NaN where missing.</summary>
/// <param name="Values">[n, width], row-major.</param>
/// <param name="RowNumbers">[n], one-based, in the data they come from.</param>
/// <param name="Total">How many rows the data have.</param>
internal sealed record DriftSample(double[] Values, long[] RowNumbers, long Total)
{
    /// <summary>What is known of each number of a row over all rows, not only these; null: nothing.</summary>
    [JsonIgnore]
    public IReadOnlyList<DriftTotals>? Totals { get; init; }

    /// <summary>Which source each row's number counts in, [n]; null: there is one.</summary>
    [JsonIgnore]
    public string[]? Sources { get; init; }

    public int Rows => RowNumbers.Length;

    /// <summary>Reads the rows, or so many of them drawn at random in one pass.</summary>
    /// <remarks>Reservoir sampling: Vitter (1985), algorithm R.</remarks>
    public static DriftSample Read(IDataView data, IReadOnlyList<DriftColumn> columns, int most, int seed)
    {
        int width = columns.Sum(column => column.Slots.Count);
        using var cursor = data.GetRowCursor(columns.Select(column => data.Schema[column.Name]).DistinctBy(one => one.Index));
        var readers = columns.Select(column => column.Reader(cursor)).ToArray();
        List<double[]> rows = [];
        List<long> numbers = [];
        var random = new Random(seed);
        long total = 0;
        while (cursor.MoveNext())
        {
            total++;
            long place = rows.Count < most ? rows.Count : random.NextInt64(total);
            if (place >= most)
                continue;
            var values = place < rows.Count ? rows[(int)place] : new double[width];
            int at = 0;
            for (int c = 0; c < readers.Length; at += columns[c].Slots.Count, c++)
                readers[c](values, at);
            if (place == rows.Count)
            {
                rows.Add(values);
                numbers.Add(total);
            }
            else
            {
                numbers[(int)place] = total;
            }
        }
        return new([.. rows.SelectMany(row => row)], [.. numbers], total);
    }
}

/// <summary>What is known of a column over all rows of a sample.</summary>
/// <param name="Counts">How often each level occurs, and last how often none does; null: numbers, or not known.</param>
/// <param name="Missing">How many rows lack a number.</param>
/// <param name="Mean">The numbers' mean, or null.</param>
internal sealed record DriftTotals(double[]? Counts, long Missing, double? Mean);
