namespace ProbML.GaussianProcesses;

/// <summary>The rows of another design, scaled as they are read.</summary>
internal sealed class ScaledDesign(Design whole, GaussianProcessScaling scaling) : Design(whole.FeatureNames, whole.ResponseName)
{
    /// <inheritdoc/>
    public override bool HasWeights => whole.HasWeights;

    /// <inheritdoc/>
    public override long SkippedRows => whole.SkippedRows;

    /// <inheritdoc/>
    public override IDesignReader OpenReader() => new Reader(whole.OpenReader(), scaling);

    private sealed class Reader(IDesignReader whole, GaussianProcessScaling scaling) : IDesignReader
    {
        public bool Read(RowBuffer buffer)
        {
            if (!whole.Read(buffer))
                return false;
            scaling.Apply(buffer.Features.AsSpan(0, buffer.Count * buffer.FeatureCount));
            for (int i = 0; i < buffer.Count; i++)
            {
                buffer.Response[i] = scaling.Target(buffer.Response[i] - buffer.Offsets[i]);
                buffer.Offsets[i] = 0;
            }
            return true;
        }

        public void Dispose() => whole.Dispose();
    }
}
