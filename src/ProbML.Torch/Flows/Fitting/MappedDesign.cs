namespace ProbML.Flows;

/// <summary>Another design's rows, each feature (and the response) mapped as they are read.</summary>
internal sealed class MappedDesign(
    Design source, IReadOnlyList<ColumnMap> maps, Func<int, string> support, ColumnMap? response = null)
    : Design(source.FeatureNames, source.ResponseName)
{
    public override bool HasResponse => source.HasResponse;

    public override bool HasWeights => source.HasWeights;

    public override bool HasOffsets => source.HasOffsets;

    public override long SkippedRows => source.SkippedRows;

    public override IDesignReader OpenReader() => new Reader(this, source.OpenReader());

    private void Map(RowBuffer buffer)
    {
        int d = FeatureCount;
        for (int i = 0; i < buffer.Count; i++)
        {
            var row = buffer.Features.AsSpan(i * d, d);
            for (int j = 0; j < d; j++)
            {
                double mapped = maps[j].Forward(row[j]);
                if (double.IsNaN(mapped) && !double.IsNaN(row[j]))
                    throw new InvalidOperationException(
                        $"Values of '{FeatureNames[j]}' must be {support(j)}, but row {buffer.RowNumbers[i]} has {row[j]}. "
                        + "Correct such rows, or choose another preprocessing.");
                row[j] = mapped;
            }
            if (response is not null)
                buffer.Response[i] = response.Forward(buffer.Response[i]);
        }
    }

    private sealed class Reader(MappedDesign design, IDesignReader inner) : IDesignReader
    {
        public bool Read(RowBuffer buffer)
        {
            bool any = inner.Read(buffer);
            if (any)
                design.Map(buffer);
            return any;
        }

        public void Dispose() => inner.Dispose();
    }
}
