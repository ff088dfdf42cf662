using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML.Vae;

/// <summary>ln N(x; c + s m, s² v) with m, and for a variance of each row ln v, from the network; c and s are the column's.</summary>
/// <remarks>
/// −½ (((x − c)/s − m)²/v + ln v + ln 2π) − ln s: the density of the column as it is. A learned v is floored at 10⁻⁶, a
/// thousandth of the column's standard deviation, for the likelihood has no bound where a column is nearly determined.
/// </remarks>
internal sealed class GaussianDensity : GroupDensity
{
    private const double Floor = 1e-6;

    private static readonly Scalar FloorScalar = Scalars.Of(Floor);
    private static readonly Scalar MinusHalf = Scalars.Of(-0.5);
    private readonly GaussianVariance kind;
    private readonly Tensor centre;
    private readonly Tensor inverseScale;
    private readonly Tensor constant;
    private readonly Tensor? fixedVariance;
    private readonly Parameter? logVariance;

    public GaussianDensity(LikelihoodGroup group, ColumnStatistics statistics, ScalarType type)
        : base(group, statistics, type)
    {
        var likelihood = (GaussianLikelihood)group.Likelihood;
        kind = likelihood.Variances;
        double[] scale = Select(column => statistics.StandardDeviation[column]);
        centre = Kept(nameof(centre), Select(column => statistics.Mean[column]));
        inverseScale = Kept(nameof(inverseScale), [.. scale.Select(s => 1 / s)]);
        constant = Kept(nameof(constant), [.. scale.Select(s => Math.Log(s) + 0.5 * Math.Log(2 * Math.PI))]);
        if (kind == GaussianVariance.Fixed)
        {
            double deviation = likelihood.StandardDeviation;
            fixedVariance = Kept(nameof(fixedVariance), [.. scale.Select(s => deviation / s * (deviation / s))]);
        }
        else if (kind != GaussianVariance.PerRow)
            logVariance = Learned(nameof(logVariance), new double[kind == GaussianVariance.Shared ? 1 : Width]);
    }

    public override int RawWidth => kind == GaussianVariance.PerRow ? 2 * Width : Width;

    public override OnnxValue Emit(IOnnxGraph graph, OnnxValue raw)
    {
        float[] scale = [.. inverseScale.ToSingles().Select(s => 1 / s)];
        var mean = raw;
        OnnxValue logDeviation;
        if (kind == GaussianVariance.PerRow)
        {
            var halves = graph.Nodes(
                "Split", [raw], 2, OnnxArgument.Of("axis", 1), OnnxArgument.Of("split", [Width, (long)Width]));
            mean = halves[0];
            var variance = graph.Node("Add", [graph.Node("Exp", [halves[1]]), graph.Constant([(float)Floor], [1])]);
            var half = graph.Node("Mul", [graph.Node("Log", [variance]), graph.Constant([0.5f], [1])]);
            logDeviation = graph.Node("Add", [half, Row(graph, [.. scale.Select(s => MathF.Log(s))])]);
        }
        else
        {
            using var none = no_grad();
            using var scope = NewDisposeScope();
            float[] variances = Variance(raw: null).expand(Width).ToSingles();
            logDeviation = Rows(
                graph, [.. scale.Zip(variances, (s, v) => MathF.Log(s) + 0.5f * MathF.Log(v))], raw);
        }
        var scaled = graph.Node("Mul", [mean, Row(graph, scale)]);
        return Join(graph, graph.Node("Add", [scaled, Row(graph, centre.ToSingles())]), logDeviation);
    }

    public override void StartBias(Span<float> bias) => bias.Clear();      // m = 0 is the column's mean, ln v = 0 its variance

    protected override Tensor Terms(Tensor x, Tensor raw)
    {
        var mean = kind == GaussianVariance.PerRow ? raw.narrow(-1, 0, Width) : raw;
        var variance = Variance(raw);
        var standardised = (x - centre) * inverseScale;
        return ((standardised - mean).square() / variance).Plus(variance.log()) * MinusHalf - constant;
    }

    private Tensor Variance(Tensor? raw) => kind switch
    {
        GaussianVariance.Fixed => fixedVariance!,
        GaussianVariance.PerRow => raw!.narrow(-1, Width, Width).exp().Plus(FloorScalar),
        _ => logVariance!.exp().Plus(FloorScalar),
    };
}
