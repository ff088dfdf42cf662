using static TorchSharp.torch;

namespace ProbML.Vae;

/// <summary>ln p(x) = x a − ln(1 + eᵃ).</summary>
internal sealed class BernoulliDensity(LikelihoodGroup group, ColumnStatistics statistics, ScalarType type)
    : GroupDensity(group, statistics, type)
{
    private readonly ColumnStatistics statistics = statistics;

    public bool DrawsBits => ((BernoulliLikelihood)Group.Likelihood).DrawsBits;

    public override OnnxValue Emit(IOnnxGraph graph, OnnxValue raw) => raw;

    public override void StartBias(Span<float> bias)
    {
        for (int j = 0; j < Width; j++)
        {
            double p = Math.Clamp(statistics.Mean[Group.Columns[j]], 1e-3, 1 - 1e-3);
            bias[j] = (float)Math.Log(p / (1 - p));
        }
    }

    // ln σ(−a) = −ln(1 + eᵃ), exact in both tails; softplus itself switches to a line at a = 20.
    protected override Tensor Terms(Tensor x, Tensor raw) => (x * raw).Plus(nn.functional.logsigmoid(-raw));
}
