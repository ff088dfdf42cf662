using static TorchSharp.torch;

namespace ProbML.Vae;

/// <summary>ln p(x) = Σ xₖ aₖ − ln Σ e^aₖ, of a group that has a 1.</summary>
internal sealed class CategoricalDensity(LikelihoodGroup group, ColumnStatistics statistics, ScalarType type)
    : GroupDensity(group, statistics, type)
{
    private readonly ColumnStatistics statistics = statistics;

    public override Tensor LogDensity(Tensor x, Tensor raw)
    {
        if (HasMissing)                                                    // a group with NaN has no 1, and adds nothing
            x = x.masked_fill(x.isnan().any(-1, keepdim: true), Zero);
        return Terms(x, raw).sum(-1);
    }

    public override OnnxValue Emit(IOnnxGraph graph, OnnxValue raw) => raw;

    public override void StartBias(Span<float> bias)
    {
        for (int k = 0; k < Width; k++)
            bias[k] = (float)Math.Log(Math.Max(statistics.Mean[Group.Columns[k]], 1e-4));
    }

    protected override Tensor Terms(Tensor x, Tensor raw) => x * raw.log_softmax(-1);
}
