namespace ProbML.Sharding;

/// <summary>A shard's rows, numbered from where the shards before it end, and counted as they are read.</summary>
internal sealed class CountedRows(Design rows, long firstRow) : Design(rows.FeatureNames, rows.ResponseName)
{
    private long read;

    /// <summary>The rows read so far.</summary>
    public long Read => Volatile.Read(ref read);

    public override bool HasResponse => rows.HasResponse;

    public override bool HasWeights => rows.HasWeights;

    public override bool HasOffsets => rows.HasOffsets;

    public override string? DescribeResponse(double response) => rows.DescribeResponse(response);

    public override IDesignReader OpenReader() => new Reader(this, rows.OpenReader());

    private sealed class Reader(CountedRows owner, IDesignReader source) : IDesignReader
    {
        public bool Read(RowBuffer buffer)
        {
            if (!source.Read(buffer))
                return false;
            foreach (ref long number in buffer.RowNumbers.AsSpan(0, buffer.Count))
                number += owner.firstRow;
            Interlocked.Add(ref owner.read, buffer.Count);
            return true;
        }

        public void Dispose() => source.Dispose();
    }

    private readonly long firstRow = firstRow;
}
