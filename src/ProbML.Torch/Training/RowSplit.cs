namespace ProbML;

/// <summary>Which rows measure: exactly so many, drawn without replacement as the rows come by, the same in every pass.</summary>
/// <remarks>Knuth, The Art of Computer Programming 2, §3.4.2, algorithm S. The next row's fate needs no memory of the others'.</remarks>
internal sealed class RowSplit
{
    private readonly long rows;
    private readonly Random random;
    private long seen;
    private long wanted;

    public RowSplit(long rows, double fraction, int seed)
    {
        this.rows = rows;
        wanted = TrainingRows.ValidationRowsOf(rows, fraction);
        random = new(TrainingSeeds.Derive(seed, TrainingSeeds.Split));
    }

    /// <summary>Whether the row that comes next measures.</summary>
    public bool Next()
    {
        bool chosen = wanted > 0 && random.NextDouble() * (rows - seen) < wanted;
        seen++;
        if (chosen)
            wanted--;
        return chosen;
    }

    /// <summary>The places of the rows that train and of those that measure.</summary>
    public (long[] Training, long[] Validation) Divide()
    {
        var training = new List<long>();
        var validation = new List<long>();
        for (long row = 0; row < rows; row++)
            (Next() ? validation : training).Add(row);
        return ([.. training], [.. validation]);
    }
}
