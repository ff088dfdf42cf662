using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>u = x + v̂ tanh(wᵀx + b); ln |det| = ln(1 + wᵀv̂ (1 − tanh²)), with wᵀv̂ &gt; −1 kept by construction.</summary>
/// <remarks>
/// Rezende &amp; Mohamed (2015), eqs. 10–12 and appendix A.1: v̂ = v + (softplus(wᵀv) − 1 − wᵀv) w / |w|². The inverse finds
/// wᵀx by bisection; it has no gradient in the parameters.
/// </remarks>
public sealed class PlanarBijection : Bijection
{
    private readonly Parameter weight;
    private readonly Parameter direction;
    private readonly Parameter bias;

    /// <summary>Draws a direction; the step along it begins near 0.</summary>
    public PlanarBijection(int dimension, Generator random)
        : base(dimension, nameof(PlanarBijection))
    {
        weight = Initial.Weight(WeightInitialization.XavierNormal, random, 1, 1, 1, dimension);
        direction = Initial.Weight(WeightInitialization.XavierNormal, random, 100, 100, 1, dimension);
        bias = Initial.Constant(0, 1);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context)
    {
        var (step, s) = Step();
        var h = x.Linear(weight, bias).Tanh();
        return (x + h * x.Lift(step), PlanarStep.LogDet(h, x.Lift(s)));
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context)
    {
        var (step, lifted) = Step();
        var s = noise.Lift(lifted);
        var h = PlanarStep.Solve(noise.Linear(weight, null), s, noise.Lift(bias));
        return (noise - h * noise.Lift(step), -PlanarStep.LogDet(h, s));
    }

    /// <summary>v̂, [1, d], and s = 1 + wᵀv̂, [1].</summary>
    private (Tensor Step, Tensor S) Step()
    {
        var product = (weight * direction).sum();
        var s = TensorFunctions.Softplus(product);
        return (direction.Plus((s - Scalars.Of(1) - product) * weight / weight.square().sum()), s.reshape(1));
    }
}
