using ProbML.Sharding;

namespace ProbML.GaussianProcesses;

/// <summary>The rows of another design, scaled as they are read; offsets are taken from the response, or kept where they are f's.</summary>
internal sealed class ScaledDesign(Design whole, GaussianProcessScaling scaling, bool keepsOffsets = false)
    : Design(whole.FeatureNames, whole.ResponseName)
{
    /// <inheritdoc/>
    public override bool HasWeights => whole.HasWeights;

    /// <inheritdoc/>
    public override bool HasOffsets => keepsOffsets && whole.HasOffsets;

    /// <inheritdoc/>
    public override long SkippedRows => whole.SkippedRows;

    /// <inheritdoc/>
    public override bool HasRows => whole.HasRows;

    /// <inheritdoc/>
    public override IDesignReader OpenReader() => new Reader(whole.OpenReader(), scaling, keepsOffsets);

    /// <summary>Where the rows lie elsewhere, they are scaled there.</summary>
    private protected override TSum SumRows<TSum>(Func<TSum> create, TrainingMonitor monitor, int? threads) =>
        whole.HasRows || !typeof(TSum).IsAssignableTo(typeof(IShardSum))
            ? base.SumRows(create, monitor, threads)
            : whole.Sum(() => new ScaledSum<TSum>(create(), scaling, keepsOffsets), monitor, threads).Sum;

    private sealed class Reader(IDesignReader whole, GaussianProcessScaling scaling, bool keepsOffsets) : IDesignReader
    {
        public bool Read(RowBuffer buffer)
        {
            if (!whole.Read(buffer))
                return false;
            scaling.Apply(buffer.Features.AsSpan(0, buffer.Count * buffer.FeatureCount));
            for (int i = 0; i < buffer.Count; i++)
            {
                if (!keepsOffsets)
                    (buffer.Response[i], buffer.Offsets[i]) = (buffer.Response[i] - buffer.Offsets[i], 0);
                buffer.Response[i] = scaling.Target(buffer.Response[i]);
            }
            return true;
        }

        public void Dispose() => whole.Dispose();
    }
}
