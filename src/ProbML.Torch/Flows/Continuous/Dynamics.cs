using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>
/// dz/dt = f(z, t), a perceptron: hₗ = tanh(Wₗ hₗ₋₁ + bₗ + t cₗ), h₀ = z, and f the same of the last h without the tanh.
/// </summary>
/// <remarks>
/// Grathwohl et al. (2019), appendix B.1 ("concat" layers). The trace of ∂f/∂z has a formula: with Dₗ = 1 − hₗ², of one hidden
/// layer Σ D₁ ∘ diag(W₁ W₂), of two D₂ᵀ (W₂ ∘ (W₁ W₃)ᵀ) D₁, as cheap as f itself whatever d is; of more it takes a tangent for
/// each column, or Hutchinson's estimate vᵀ (∂f/∂z) v one alone.
/// </remarks>
internal sealed class Dynamics : nn.Module
{
    private readonly DynamicsLayer[] layers;

    /// <summary>f begins at 0.</summary>
    public Dynamics(int dimension, IReadOnlyList<int> hidden, Generator random)
        : base(nameof(Dynamics))
    {
        int[] widths = [dimension, .. hidden, dimension];
        layers = new DynamicsLayer[widths.Length - 1];
        for (int l = 0; l < layers.Length; l++)
        {
            layers[l] = new(widths[l], widths[l + 1], l == layers.Length - 1, random);
            register_module($"layer{l}", layers[l]);
        }
        IsTraceCheap = hidden.Count <= 2;
    }

    /// <summary>Whether the exact trace costs no more than f.</summary>
    public bool IsTraceCheap { get; }

    /// <summary>Wₗ, bₗ and cₗ, from the first layer.</summary>
    public IReadOnlyList<DynamicsLayer> Layers => layers;

    /// <summary>What the exact trace takes of the weights, the same along a whole path; null: it is taken by tangents.</summary>
    public Tensor? TraceWeights()
    {
        var (first, last) = (layers[0].Weight, layers[^1].Weight);
        return layers.Length switch
        {
            1 => first.trace().reshape(1, 1),
            2 => (first * last.t()).sum(1).unsqueeze(0),
            3 => layers[1].Weight * first.matmul(last).t(),
            _ => null,
        };
    }

    /// <summary>f, [n, d], and tr ∂f/∂z, or vᵀ (∂f/∂z) v, [n, 1].</summary>
    /// <param name="z">[n, d].</param>
    /// <param name="time">t.</param>
    /// <param name="traceWeights">As <see cref="TraceWeights"/> gives them.</param>
    /// <param name="probe">v, [n, d]; null: the trace itself.</param>
    public (FlowValue Slope, FlowValue Trace) At(FlowValue z, FlowValue time, Tensor? traceWeights, FlowValue? probe)
    {
        var slopes = new FlowValue[layers.Length - 1];
        var h = z;
        for (int l = 0; l < slopes.Length; l++)
        {
            h = layers[l].Apply(h, time).Tanh();
            slopes[l] = -h.Square() + 1;
        }
        var f = layers[^1].Apply(h, time);
        if (probe is not null)
            return (f, (probe * Tangent(probe.Linear(layers[0].Weight, null), slopes)).Sum(keepsAxis: true));
        return (f, layers.Length switch
        {
            1 => z.Narrow(1, 0, 1).Zeros() + z.Lift(traceWeights!),
            2 => slopes[0].Linear(traceWeights!, null),
            3 => (slopes[0].Linear(traceWeights!, null) * slopes[1]).Sum(keepsAxis: true),
            _ => ByColumns(z, slopes),
        });
    }

    /// <summary>Σᵢ (∂f/∂z eᵢ)ᵢ.</summary>
    private FlowValue ByColumns(FlowValue z, FlowValue[] slopes)
    {
        FlowValue? sum = null;
        for (int i = 0; i < layers[^1].Weight.shape[0]; i++)
        {
            var column = z.Lift(layers[0].Weight.narrow(1, i, 1).t());
            var term = Tangent(column, slopes, layers[^1].Weight.narrow(0, i, 1));
            sum = sum is null ? term : sum + term;
        }
        return sum!;
    }

    /// <summary>What ∂f/∂z makes of a tangent that W₁ was applied to.</summary>
    private FlowValue Tangent(FlowValue tangent, FlowValue[] slopes, Tensor? last = null)
    {
        for (int l = 0; l < slopes.Length; l++)
        {
            tangent = slopes[l] * tangent;
            if (l + 1 < slopes.Length)
                tangent = tangent.Linear(layers[l + 1].Weight, null);
        }
        return slopes.Length == 0 ? tangent : tangent.Linear(last ?? layers[^1].Weight, null);
    }
}
