namespace ProbML.Fitting;

/// <summary>Means, spreads and ranges of the features, and a random sample of rows that does not depend on blocks or threads.</summary>
/// <remarks>Each row has a random key of its place and the seed; those of the smallest keys are kept.</remarks>
internal sealed class RangeSum(int featureCount, int sampleSize, int seed) : IBlockSum<RangeSum>
{
    private readonly LinearMoments moments = new(featureCount);
    private readonly double[] least = new double[featureCount], largest = new double[featureCount];
    private readonly PriorityQueue<(double[] Row, double Key), double> sample = new();
    private readonly HashSet<double> keys = [];
    private double[] zeros = [];

    public long Rows => moments.Count;

    public FeatureRanges Ranges() => new(
        moments.Mean[..featureCount],
        [.. Enumerable.Range(0, featureCount).Select(j => Math.Sqrt(moments[j, j] / moments.SumOfWeights))
            .Select((sd, j) => sd > 1e-14 * Math.Abs(moments.Mean[j]) ? sd : 0)],
        least,
        largest);

    /// <summary>The sampled rows, in the order of their keys.</summary>
    public IReadOnlyList<double[]> Sample() => [.. sample.UnorderedItems.OrderBy(item => item.Element.Key).Select(item => item.Element.Row)];

    public void Clear()
    {
        moments.Clear();
        sample.Clear();
        keys.Clear();
        Array.Fill(least, double.PositiveInfinity);
        Array.Fill(largest, double.NegativeInfinity);
    }

    public void Add(in RowBlock rows)
    {
        if (zeros.Length < rows.Count)
            zeros = new double[rows.Count];
        moments.Add(new RowBlock(
            rows.Count, featureCount, rows.Features, zeros.AsSpan(0, rows.Count), rows.Weights, default, rows.RowNumbers));
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows.Weight(i) <= 0)
                continue;
            var x = rows.Row(i);
            for (int j = 0; j < featureCount; j++)
                (least[j], largest[j]) = (Math.Min(least[j], x[j]), Math.Max(largest[j], x[j]));
            if (sampleSize > 0)
                Offer(Key(x), x);
        }
    }

    public void Merge(RangeSum other)
    {
        moments.Merge(other.moments);
        for (int j = 0; j < featureCount; j++)
            (least[j], largest[j]) = (Math.Min(least[j], other.least[j]), Math.Max(largest[j], other.largest[j]));
        foreach (var (element, _) in other.sample.UnorderedItems)
            Offer(element.Key, element.Row);
    }

    /// <summary>Writes what has been summed.</summary>
    public void Write(BinaryWriter writer)
    {
        moments.Write(writer);
        writer.WriteArray(least);
        writer.WriteArray(largest);
        writer.Write(sample.Count);
        foreach (var ((row, key), _) in sample.UnorderedItems.OrderBy(item => item.Element.Key))
        {
            writer.Write(key);
            writer.WriteArray(row);
        }
    }

    /// <summary>Takes, instead of nothing, what another sum of the same kind wrote.</summary>
    public void Read(BinaryReader reader)
    {
        moments.ReadAnswer(reader);
        reader.ReadDoubles(featureCount, "least values").CopyTo(least, 0);
        reader.ReadDoubles(featureCount, "largest values").CopyTo(largest, 0);
        int count = reader.ReadInt32();
        if (count < 0 || count > sampleSize)
            throw new FormatException($"A sample of {count} rows, where {sampleSize} were asked for: the bytes are damaged.");
        for (int i = 0; i < count; i++)
            Offer(reader.ReadDouble(), reader.ReadDoubles(featureCount, "a sampled row"));
    }

    private void Offer(double key, ReadOnlySpan<double> x)
    {
        if (sample.Count == sampleSize && key >= sample.Peek().Key || !keys.Add(key))
            return;                                        // equal rows count once
        sample.Enqueue((x.ToArray(), key), -key);           // the largest key comes first
        if (sample.Count > sampleSize)
            keys.Remove(sample.Dequeue().Key);
    }

    /// <summary>A hash of the row and the seed, so that neither the order nor the number of equal rows is of matter.</summary>
    private double Key(ReadOnlySpan<double> x)
    {
        ulong hash = unchecked((ulong)seed * 0x9E3779B97F4A7C15);
        foreach (double value in x)
        {
            hash ^= (ulong)BitConverter.DoubleToInt64Bits(value);
            hash = unchecked((hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9);
            hash = unchecked((hash ^ (hash >> 27)) * 0x94D049BB133111EB);
            hash ^= hash >> 31;
        }
        return hash >> 11;
    }
}
