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
    private const int Bisections = 60;

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
        var (step, slope) = Step();
        var h = x.Linear(weight, bias).Tanh();
        return (x + h * x.Lift(step), Terms(h, slope));
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context)
    {
        // a = wᵀx solves a + c tanh(a + b) = wᵀu, which rises in a: it lies within |c| of wᵀu.
        var (step, slope) = Step();
        var (target, c, b) = (noise.Linear(weight, null), noise.Lift(slope), noise.Lift(bias));
        var reach = noise.Lift(slope.abs());
        var ends = (target - reach).Join(target + reach).Iterate(Bisections, (_, state) =>
        {
            var (low, high) = (state.Narrow(1, 0, 1), state.Narrow(1, 1, 1));
            var middle = (low + high) * 0.5;
            var below = (middle + c * (middle + b).Tanh()).IsLess(target);
            return below.Where(middle, low).Join(below.Where(high, middle));
        });
        var h = ((ends.Narrow(1, 0, 1) + ends.Narrow(1, 1, 1)) * 0.5 + b).Tanh();
        return (noise - h * noise.Lift(step), -Terms(h, slope));
    }

    private static FlowValue Terms(FlowValue h, Tensor slope) => ((-h.Square() + 1) * h.Lift(slope) + 1).Log();

    /// <summary>v̂, [1, d], and wᵀv̂, [1].</summary>
    private (Tensor Step, Tensor Slope) Step()
    {
        var product = (weight * direction).sum();
        var slope = nn.functional.softplus(product) - 1;
        return (direction + (slope - product) * weight / weight.square().sum(), slope.reshape(1));
    }
}
