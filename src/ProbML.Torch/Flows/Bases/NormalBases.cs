using TorchSharp.Modules;

namespace ProbML.Flows;

/// <summary>N(0, I).</summary>
public sealed class StandardNormalBase(int dimension) : FlowBase(dimension, nameof(StandardNormalBase))
{
    internal override FlowValue LogDensity(FlowValue noise) => noise.Square() * -0.5 - 0.5 * Math.Log(2 * Math.PI);

    internal override NoiseDistribution ToDistribution() => new NormalNoise(new double[Dimension], Ones());

    private double[] Ones()
    {
        var ones = new double[Dimension];
        Array.Fill(ones, 1);
        return ones;
    }
}

/// <summary>N(μ, diag σ²) with μ and ln σ learned; begins as the standard normal.</summary>
public sealed class NormalBase : FlowBase
{
    private readonly Parameter mean;
    private readonly Parameter logDeviation;

    /// <summary>Makes the standard normal.</summary>
    public NormalBase(int dimension)
        : base(dimension, nameof(NormalBase))
    {
        mean = Initial.Constant(0, dimension);
        logDeviation = Initial.Constant(0, dimension);
        RegisterComponents();
    }

    internal override FlowValue LogDensity(FlowValue noise)
    {
        var s = noise.Lift(logDeviation);
        return ((noise - noise.Lift(mean)) * (-s).Exp()).Square() * -0.5 - s - 0.5 * Math.Log(2 * Math.PI);
    }

    internal override NoiseDistribution ToDistribution() =>
        new NormalNoise(Numbers(mean), [.. Numbers(logDeviation).Select(Math.Exp)]);
}
