namespace ProbML.Vae;

/// <summary>One pass over the rows: moments of each column, what values it takes, and which groups are one-hot.</summary>
internal sealed class ColumnScan(int columns, IReadOnlyList<ColumnRange> candidates) : IBlockSum<ColumnScan>
{
    private readonly double[] squares = new double[columns];

    public long Rows { get; private set; }

    /// <summary>Observed values, [d].</summary>
    public long[] Counts { get; } = new long[columns];

    public double[] Means { get; } = new double[columns];

    /// <summary>The smallest observed values, [d]; ∞ where there are none.</summary>
    public double[] Minima { get; } = Filled(columns, double.PositiveInfinity);

    /// <summary>The largest observed values, [d]; −∞ where there are none.</summary>
    public double[] Maxima { get; } = Filled(columns, double.NegativeInfinity);

    /// <summary>Whether all observed values are 0 or 1, [d].</summary>
    public bool[] IsBinary { get; } = Filled(columns, true);

    /// <summary>Whether all observed values are whole and not negative, [d].</summary>
    public bool[] IsCount { get; } = Filled(columns, true);

    /// <summary>Rows of each candidate in which exactly one column is 1.</summary>
    public long[] OneHot { get; } = new long[candidates.Count];

    /// <summary>Whether no row of each candidate has two columns that are 1.</summary>
    public bool[] IsExclusive { get; } = Filled(candidates.Count, true);

    public double StandardDeviation(int column) =>
        Counts[column] == 0 ? 0 : Math.Sqrt(Math.Max(0, squares[column] / Counts[column]));

    public void Clear()
    {
        Rows = 0;
        Array.Clear(Counts);
        Array.Clear(Means);
        Array.Clear(squares);
        Array.Clear(OneHot);
        Array.Fill(Minima, double.PositiveInfinity);
        Array.Fill(Maxima, double.NegativeInfinity);
        Array.Fill(IsBinary, true);
        Array.Fill(IsCount, true);
        Array.Fill(IsExclusive, true);
    }

    public void Add(in RowBlock rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            var row = rows.Row(i);
            for (int j = 0; j < row.Length; j++)
            {
                double x = row[j];
                if (double.IsNaN(x))
                    continue;
                double delta = x - Means[j];
                Means[j] += delta / ++Counts[j];
                squares[j] += delta * (x - Means[j]);
                (Minima[j], Maxima[j]) = (Math.Min(Minima[j], x), Math.Max(Maxima[j], x));
                IsBinary[j] &= x is 0 or 1;
                IsCount[j] &= x >= 0 && x == Math.Floor(x);
            }
            for (int c = 0; c < candidates.Count; c++)
            {
                int ones = 0;
                foreach (double x in row.Slice(candidates[c].Start, candidates[c].Count))
                    ones += x == 1 ? 1 : 0;
                IsExclusive[c] &= ones <= 1;
                OneHot[c] += ones == 1 ? 1 : 0;
            }
        }
        Rows += rows.Count;
    }

    public void Merge(ColumnScan other)
    {
        for (int j = 0; j < columns; j++)
        {
            long count = Counts[j] + other.Counts[j];
            if (other.Counts[j] > 0)
            {
                double delta = other.Means[j] - Means[j], share = (double)other.Counts[j] / count;
                Means[j] += delta * share;
                squares[j] += other.squares[j] + delta * delta * Counts[j] * share;
            }
            Counts[j] = count;
            (Minima[j], Maxima[j]) = (Math.Min(Minima[j], other.Minima[j]), Math.Max(Maxima[j], other.Maxima[j]));
            IsBinary[j] &= other.IsBinary[j];
            IsCount[j] &= other.IsCount[j];
        }
        for (int c = 0; c < candidates.Count; c++)
        {
            OneHot[c] += other.OneHot[c];
            IsExclusive[c] &= other.IsExclusive[c];
        }
        Rows += other.Rows;
    }

    private static T[] Filled<T>(int count, T value)
    {
        var values = new T[count];
        Array.Fill(values, value);
        return values;
    }
}

/// <summary>Columns that follow one another.</summary>
internal readonly record struct ColumnRange(int Start, int Count)
{
    public bool Contains(int column) => column >= Start && column < Start + Count;

    /// <summary>Runs of two and more columns whose names are alike up to a dot, for the first dot, the second, and so on.</summary>
    public static IReadOnlyList<ColumnRange> WithCommonPrefix(IReadOnlyList<string> names)
    {
        const int Dots = 4;
        var ranges = new List<ColumnRange>();
        for (int dot = 1; dot <= Dots; dot++)
        {
            for (int start = 0; start < names.Count;)
            {
                string? prefix = Prefix(names[start], dot);
                int end = start + 1;
                while (prefix is not null && end < names.Count && Prefix(names[end], dot) == prefix)
                    end++;
                if (end - start > 1)
                    ranges.Add(new(start, end - start));
                start = end;
            }
        }
        return ranges;
    }

    private static string? Prefix(string name, int dot)
    {
        int place = -1;
        while (dot-- > 0)
        {
            place = name.IndexOf('.', place + 1);
            if (place < 0)
                return null;
        }
        return name[..place];
    }
}
