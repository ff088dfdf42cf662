namespace ProbML.Flows;

/// <summary>A row of which not all is known: values that are missing, and where in its cell a known count stands.</summary>
internal sealed class PartialRow
{
    private readonly bool[] isMissing;
    private readonly int[] circles;

    private PartialRow(bool[] isMissing, int[] circles, int[] unknown, double[] widths, double[] values, double logSlopes, bool isPossible) =>
        (this.isMissing, this.circles, Unknown, Widths, Values, LogSlopes, IsPossible) =
            (isMissing, circles, unknown, widths, values, logSlopes, isPossible);

    /// <summary>The columns of what is not known, rising, [m].</summary>
    public int[] Unknown { get; }

    /// <summary>The preprocessed width of the cell that each of them lies in, [m]; 0: the value is missing.</summary>
    public double[] Widths { get; }

    /// <summary>Preprocessed values, [d]: of a count the start of its cell, of what is missing 0.</summary>
    public double[] Values { get; }

    /// <summary>Σ ln g′ of the known columns that are no counts.</summary>
    public double LogSlopes { get; }

    /// <summary>Whether all known values can be.</summary>
    public bool IsPossible { get; }

    /// <summary>Whether nothing is known.</summary>
    public bool IsEmpty => Array.TrueForAll(isMissing, one => one);

    /// <summary>Whether what is missing comes after all that is known, and no count is known.</summary>
    public bool IsPrefix => Unknown.Length == 0
        || (Widths[0] == 0 && Unknown[0] + Unknown.Length == isMissing.Length);

    /// <summary>Takes a row, NaN being missing.</summary>
    public static PartialRow Of(FlowModelParts parts, ReadOnlySpan<double> row)
    {
        var (unknown, widths) = (new List<int>(), new List<double>());
        var values = new double[row.Length];
        var isMissing = new bool[row.Length];
        double slopes = 0;
        bool isPossible = true;
        for (int j = 0; j < row.Length; j++)
        {
            isMissing[j] = double.IsNaN(row[j]);
            if (isMissing[j] || parts.IsCount[j])
            {
                unknown.Add(j);
                widths.Add(isMissing[j] ? 0 : Math.Exp(parts.Maps[j].LogSlope(row[j])));
            }
            if (isMissing[j])
                continue;
            values[j] = parts.Maps[j].Forward(row[j]);
            isPossible &= double.IsFinite(values[j]) && (!parts.IsCount[j] || row[j] == Math.Floor(row[j]));
            if (!parts.IsCount[j])
                slopes += parts.Maps[j].LogSlope(row[j]);
        }
        int[] circles = [.. Enumerable.Range(0, row.Length).Where(j => isMissing[j] && parts.Maps[j] is CircularMap)];
        return new(isMissing, circles, [.. unknown], [.. widths], values, slopes, isPossible);
    }

    /// <summary>Whether a value is missing.</summary>
    public bool IsMissing(int column) => isMissing[column];

    /// <summary>Puts what is known into a row, and a random point of the cell of each count.</summary>
    public void Fill(Span<float> row, Random random)
    {
        for (int j = 0; j < row.Length; j++)
            row[j] = (float)Values[j];
        for (int k = 0; k < Unknown.Length; k++)
        {
            if (Widths[k] > 0)
                row[Unknown[k]] = (float)(Values[Unknown[k]] + random.NextDouble() * Widths[k]);
        }
    }

    /// <summary>ln of the density, over their cells, of counts' points as <see cref="Fill"/> draws them.</summary>
    public double LogCells()
    {
        double sum = 0;
        foreach (double width in Widths)
            sum -= width > 0 ? Math.Log(width) : 0;
        return sum;
    }

    /// <summary>Whether every count lies in its cell, and every angle that is missing in [−π, π].</summary>
    public bool IsInCells(ReadOnlySpan<float> row)
    {
        foreach (int j in circles)
        {
            if (!(Math.Abs(row[j]) <= MathF.PI))
                return false;
        }
        for (int k = 0; k < Unknown.Length; k++)
        {
            double low = Values[Unknown[k]];
            if (Widths[k] > 0 && !(row[Unknown[k]] >= (float)low && row[Unknown[k]] <= (float)(low + Widths[k])))
                return false;
        }
        return true;
    }
}
