namespace ProbML.Fitting;

/// <summary>A design with some of its features left out.</summary>
internal sealed class FeatureSubset(Design whole, int[] columns)
    : Design([.. columns.Select(j => whole.FeatureNames[j])], whole.ResponseName)
{
    public override bool HasWeights => whole.HasWeights;

    public override bool HasOffsets => whole.HasOffsets;

    public override long SkippedRows => whole.SkippedRows;

    public override string? DescribeResponse(double response) => whole.DescribeResponse(response);

    public override IDesignReader OpenReader() => new Reader(whole, columns);

    /// <summary>The features of rows [start, start + count) that are kept, [count, kept].</summary>
    public static void Pick(in RowBlock rows, int start, int count, int[] columns, Span<double> target)
    {
        for (int i = 0; i < count; i++)
        {
            var row = rows.Row(start + i);
            for (int j = 0; j < columns.Length; j++)
                target[i * columns.Length + j] = row[columns[j]];
        }
    }

    private sealed class Reader(Design whole, int[] columns) : IDesignReader
    {
        private readonly IDesignReader reader = whole.OpenReader();
        private RowBuffer? full;

        public bool Read(RowBuffer buffer)
        {
            if (full is null || full.Capacity != buffer.Capacity)
                full = new RowBuffer(buffer.Capacity, whole.FeatureCount);
            bool any = reader.Read(full);
            int n = buffer.Count = any ? full.Count : 0;
            Pick(full.Block, 0, n, columns, buffer.Features);
            full.Response.AsSpan(0, n).CopyTo(buffer.Response);
            full.Weights.AsSpan(0, n).CopyTo(buffer.Weights);
            full.Offsets.AsSpan(0, n).CopyTo(buffer.Offsets);
            full.RowNumbers.AsSpan(0, n).CopyTo(buffer.RowNumbers);
            return any;
        }

        public void Dispose() => reader.Dispose();
    }
}
