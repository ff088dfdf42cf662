namespace ProbML;

/// <summary>The first rows of a design, in whole blocks.</summary>
internal sealed class DesignHead : Design
{
    private readonly Design whole;
    private readonly long blocks;

    public DesignHead(Design whole, long rows)
        : base(whole.FeatureNames, whole.ResponseName)
    {
        this.whole = whole;
        blocks = rows / whole.BlockRows;
    }

    /// <summary>How many rows it has, if the whole has as many.</summary>
    public long Rows => blocks * whole.BlockRows;

    /// <inheritdoc/>
    public override bool HasResponse => whole.HasResponse;

    /// <inheritdoc/>
    public override bool HasWeights => whole.HasWeights;

    /// <inheritdoc/>
    public override bool HasOffsets => whole.HasOffsets;

    /// <inheritdoc/>
    public override IReadOnlyList<GroupingFactor> Groups => whole.Groups;

    /// <inheritdoc/>
    public override IDesignReader OpenReader() => new Reader(whole.OpenReader(), blocks);

    private sealed class Reader(IDesignReader whole, long blocks) : IDesignReader
    {
        private long read;

        public bool Read(RowBuffer buffer) => read++ < blocks && whole.Read(buffer);

        public void Dispose() => whole.Dispose();
    }
}
