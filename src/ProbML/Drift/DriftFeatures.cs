using ProbML.TwoSample;

namespace ProbML;

/// <summary>What a column's or slot's values are to a classifier: one or several numbers, none of them missing.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Place">Where it stands in a sample's row.</param>
/// <param name="Levels">The names of its levels; null: numbers.</param>
internal sealed record DriftFeature(string Name, int Place, IReadOnlyList<string>? Levels);

/// <summary>Two samples as a classifier takes them: numbers, an indicator where some are missing, and one of each frequent level.</summary>
internal sealed class DriftFeatures
{
    private readonly List<(int Feature, Func<double, double> Value)> columns = [];

    public DriftFeatures(IReadOnlyList<DriftColumn> all, DriftSample reference, DriftSample current, int maximumLevels)
    {
        Width = all.Sum(column => column.Slots.Count);
        int place = 0;
        foreach (var column in all)
            foreach (string slot in column.Slots)
                Features.Add(new(slot, place++, column.Levels));
        for (int f = 0; f < Features.Count; f++)
            Add(f, [.. Values(reference, Features[f].Place), .. Values(current, Features[f].Place)], maximumLevels);
    }

    public List<DriftFeature> Features { get; } = [];

    /// <summary>The numbers of a sample's row.</summary>
    public int Width { get; }

    /// <summary>The classifier's columns, d.</summary>
    public int Count => columns.Count;

    /// <summary>Which feature a classifier's column belongs to.</summary>
    public int FeatureOf(int column) => columns[column].Feature;

    /// <summary>The values of one feature.</summary>
    public double[] Values(DriftSample sample, int place) =>
        [.. Enumerable.Range(0, sample.Rows).Select(i => sample.Values[i * Width + place])];

    /// <summary>[n, d], row-major.</summary>
    public double[] Encode(DriftSample sample)
    {
        var encoded = new double[sample.Rows * Count];
        for (int i = 0; i < sample.Rows; i++)
            for (int c = 0; c < Count; c++)
                encoded[i * Count + c] = columns[c].Value(sample.Values[i * Width + Features[columns[c].Feature].Place]);
        return encoded;
    }

    /// <summary>Whether the values of both samples of a feature differ, and by how much.</summary>
    public TwoSampleTestResult Test(int feature, DriftSample reference, DriftSample current)
    {
        var (_, place, levels) = Features[feature];
        double[] a = Values(reference, place), b = Values(current, place);
        DriftTotals? all = reference.Totals?[place], now = current.Totals?[place];
        if (levels is not null)
            return ChiSquareTest.Test(all?.Counts ?? Counts(a, levels.Count), now?.Counts ?? Counts(b, levels.Count));
        double[] presentA = [.. a.Where(double.IsFinite)], presentB = [.. b.Where(double.IsFinite)];
        double absentA = all?.Missing ?? a.Length - presentA.Length, absentB = now?.Missing ?? b.Length - presentB.Length;
        if (absentA + absentB == 0)
            return KolmogorovSmirnov.Test(a, b);
        // Values and their absence are two questions; the smaller p of two counts double.
        double rowsA = all is null ? a.Length : reference.Total, rowsB = now is null ? b.Length : current.Total;
        var absence = ChiSquareTest.Test([rowsA - absentA, absentA], [rowsB - absentB, absentB]);
        var values = presentA.Length == 0 || presentB.Length == 0 ? new(0, 1) : KolmogorovSmirnov.Test(presentA, presentB);
        return new(values.Statistic, Math.Min(1, 2 * Math.Min(values.PValue, absence.PValue)));
    }

    private static double[] Counts(double[] places, int levels)
    {
        var counts = new double[levels + 1];              // the last: missing
        foreach (double place in places)
            counts[double.IsNaN(place) ? levels : (int)place]++;
        return counts;
    }

    private void Add(int feature, double[] pooled, int maximumLevels)
    {
        if (Features[feature].Levels is { } levels)
        {
            double[] counts = Counts(pooled, levels.Count);
            int[] frequent = [.. Enumerable.Range(0, counts.Length).Where(k => counts[k] > 0)
                .OrderByDescending(k => counts[k]).Take(maximumLevels + 1)];
            foreach (int level in frequent.Skip(1))       // the most frequent is what the others are compared with
                columns.Add((feature, level == levels.Count
                    ? value => double.IsNaN(value) ? 1 : 0
                    : value => value == level ? 1 : 0));
            return;
        }
        double[] present = [.. pooled.Where(double.IsFinite)];
        double mean = present.Length == 0 ? 0 : present.Average();
        if (present.Length > 0)
            columns.Add((feature, value => double.IsFinite(value) ? value : mean));
        if (present.Length < pooled.Length)
            columns.Add((feature, value => double.IsFinite(value) ? 0 : 1));
    }
}
