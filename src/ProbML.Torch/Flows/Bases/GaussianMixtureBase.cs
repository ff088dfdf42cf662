using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>Σ πₖ N(μₖ, diag σₖ²) with everything learned: noise of several clusters.</summary>
public sealed class GaussianMixtureBase : FlowBase
{
    private readonly Parameter logits;
    private readonly Parameter means;
    private readonly Parameter logDeviations;

    /// <summary>Begins with equal weights, unit variances and means drawn from N(0, I).</summary>
    /// <param name="dimension">d.</param>
    /// <param name="components">K, at least 1.</param>
    /// <param name="random">Draws the means.</param>
    public GaussianMixtureBase(int dimension, int components, Generator random)
        : base(dimension, nameof(GaussianMixtureBase))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        logits = Initial.Constant(0, components);
        means = Initial.Weight(WeightInitialization.KaimingNormal, random, 2, 1, components, dimension);
        logDeviations = Initial.Weight(WeightInitialization.Zero, random, 1, 1, components, dimension);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsIndependent => Dimension == 1;

    internal override FlowValue LogDensity(FlowValue noise)
    {
        var s = noise.Lift(logDeviations);
        var distance = ((noise.Unsqueeze(1) - noise.Lift(means)) * (-s).Exp()).Square();
        var constant = logits.log_softmax(0) - logDeviations.sum(-1) - Scalars.Of(0.5 * Dimension * Math.Log(2 * Math.PI));
        return (distance.Sum(keepsAxis: false) * -0.5 + noise.Lift(constant)).LogSumExp().Unsqueeze(1);
    }

    internal override NoiseDistribution ToDistribution()
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return new MixtureNoise(
            Numbers(logits.softmax(0)), Numbers(means), [.. Numbers(logDeviations).Select(Math.Exp)]);
    }
}
