using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML.Vae;

/// <summary>ln p(x) of counts: Poisson, or negative binomial with a learned ln θ for each column; the network gives ln μ.</summary>
internal sealed class CountDensity : GroupDensity
{
    private static readonly Scalar One = Scalars.Of(1);
    private readonly double[] means;
    private readonly Parameter? logTheta;

    public CountDensity(LikelihoodGroup group, ColumnStatistics statistics, ScalarType type)
        : base(group, statistics, type)
    {
        means = Select(column => Math.Max(statistics.Mean[column], 1e-3));
        if (group.Likelihood is NegativeBinomialLikelihood)
            logTheta = Learned(nameof(logTheta), Select(column => LogThetaOf(
                Math.Max(statistics.Mean[column], 1e-3), Math.Pow(statistics.StandardDeviation[column], 2))));
    }

    public override OnnxValue Emit(IOnnxGraph graph, OnnxValue raw) =>
        logTheta is null ? raw : Join(graph, raw, Rows(graph, logTheta.ToSingles(), raw));

    public override void StartBias(Span<float> bias)
    {
        for (int j = 0; j < Width; j++)
            bias[j] = (float)Math.Log(means[j]);
    }

    protected override Tensor Terms(Tensor x, Tensor raw)
    {
        var logFactorial = x.Plus(One).lgamma();
        if (logTheta is null)
            return x * raw - raw.exp() - logFactorial;
        // ln θ/(θ + μ) = ln σ(ln θ − ln μ), ln μ/(θ + μ) = ln σ(ln μ − ln θ)
        var theta = logTheta.exp();
        var odds = raw - logTheta;
        return (x.Plus(theta).lgamma() - theta.lgamma() - logFactorial)
            .Plus(theta * nn.functional.logsigmoid(-odds)).Plus(x * nn.functional.logsigmoid(odds));
    }

    /// <summary>θ by moments, μ² / (variance − μ), within [0.01, 100].</summary>
    private static double LogThetaOf(double mean, double variance) =>
        Math.Log(Math.Clamp(variance > mean ? mean * mean / (variance - mean) : 100, 0.01, 100));
}
