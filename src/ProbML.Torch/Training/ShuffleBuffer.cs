namespace ProbML;

/// <summary>Rows of a design one by one, those that train or those that measure: features, response, weight.</summary>
internal sealed class RowStream(Design design, RowSplit split, bool measuring) : IDisposable
{
    private readonly IDesignReader reader = design.OpenReader();
    private readonly RowBuffer block = new(design.BlockRows, design.FeatureCount);
    private int next;
    private bool last;

    /// <summary>Numbers of a row: its features, then its response and its weight.</summary>
    public int Width { get; } = design.FeatureCount + 2;

    /// <summary>Copies the next row; false: there are no more.</summary>
    public bool TryNext(Span<double> row)
    {
        while (true)
        {
            if (next == block.Count)
            {
                if (last || !reader.Read(block))
                    return false;
                (next, last) = (0, block.Count < block.Capacity);
                continue;
            }
            int index = next++;
            if (split.Next() != measuring)
                continue;
            var rows = block.Block;
            rows.Row(index).CopyTo(row);
            row[^2] = rows.ResponseOrNaN(index);
            row[^1] = rows.Weight(index);
            return true;
        }
    }

    public void Dispose() => reader.Dispose();
}

/// <summary>Mixes a stream: a row leaves from a random place, and the next row of the stream takes that place.</summary>
internal sealed class ShuffleBuffer
{
    private readonly RowStream stream;
    private readonly Random? random;
    private readonly double[] held;
    private int count;

    /// <summary>Fills the buffer.</summary>
    /// <param name="stream">Where rows come from.</param>
    /// <param name="rows">Its size.</param>
    /// <param name="random">Chooses places; null: rows keep their order.</param>
    public ShuffleBuffer(RowStream stream, int rows, Random? random)
    {
        (this.stream, this.random) = (stream, random);
        held = new double[checked(rows * stream.Width)];
        while (count < rows && stream.TryNext(Place(count)))
            count++;
    }

    /// <summary>Copies the next row; false: there are no more.</summary>
    public bool TryNext(Span<double> row)
    {
        if (count == 0)
            return false;
        int chosen = random?.Next(count) ?? 0;
        var place = Place(chosen);
        place.CopyTo(row);
        if (!stream.TryNext(place))
        {
            count--;
            Place(count).CopyTo(place);
        }
        return true;
    }

    private Span<double> Place(int index) => held.AsSpan(index * stream.Width, stream.Width);
}
