namespace ProbML.Reports.Rows;

/// <summary>A sample without replacement of a stream whose length is not known: Vitter's algorithm R (1985).</summary>
internal sealed class Reservoir(int capacity, int seed)
{
    private readonly Random random = new(seed);
    private readonly List<SampledRow> rows = [];
    private long seen;

    /// <summary>The rows held, in the order of the data.</summary>
    public IReadOnlyList<SampledRow> Rows => [.. rows.OrderBy(row => row.Number)];

    /// <summary>How many rows were offered.</summary>
    public long Seen => seen;

    /// <summary>Offers a row, which is made only if it is taken.</summary>
    public void Offer(Func<SampledRow> make)
    {
        seen++;
        if (rows.Count < capacity)
        {
            rows.Add(make());
            return;
        }
        long place = random.NextInt64(seen);
        if (place < capacity)
            rows[(int)place] = make();
    }
}
