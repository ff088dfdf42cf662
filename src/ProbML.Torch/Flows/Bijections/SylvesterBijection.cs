using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>u = x + Q R tanh(R̃ Qᵀ x + b), with Q of k orthonormal columns and R, R̃ upper triangular.</summary>
/// <remarks>
/// van den Berg et al. (2018), eqs. 10–13: ln |det| = Σ ln(1 + rᵢᵢ r̃ᵢᵢ (1 − tanh²)); rᵢᵢ and r̃ᵢᵢ lie in (−1, 1), so that
/// the sum is of logarithms of positive numbers. Q is a product of Householder reflections. One way alone, as posteriors
/// need it: the inverse has no formula. Begins near the identity.
/// </remarks>
public sealed class SylvesterBijection : Bijection
{
    private readonly Parameter reflections;
    private readonly Parameter outer;
    private readonly Parameter inner;
    private readonly Parameter bias;
    private readonly int rank;

    /// <summary>Makes the bijection.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="rank">k, 1 to d.</param>
    /// <param name="random">Draws the first parameters.</param>
    public SylvesterBijection(int dimension, int rank, Generator random)
        : base(dimension, nameof(SylvesterBijection))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, dimension);
        this.rank = rank;
        reflections = Initial.Weight(WeightInitialization.XavierNormal, random, 1, 1, rank, dimension);
        outer = Initial.Weight(WeightInitialization.XavierNormal, random, 100, 100, rank, rank);
        inner = Initial.Weight(WeightInitialization.XavierNormal, random, 2, 2, rank, rank);
        bias = Initial.Constant(0, rank);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context)
    {
        var q = Orthonormal();
        var (r, r2) = (Triangular(outer), Triangular(inner));
        var h = x.Linear(r2.matmul(q.t()), bias).Tanh();
        var slopes = x.Lift(r.diagonal() * r2.diagonal());
        return (x + h.Linear(q.matmul(r), null), ((-h.Square() + 1) * slopes + 1).Log());
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: it has no formula.</exception>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context) =>
        throw new NotSupportedException(
            "A Sylvester bijection goes one way. Choose a coupling or an autoregressive bijection where both are needed.");

    /// <summary>The first k columns of a product of reflections, [d, k].</summary>
    private Tensor Orthonormal()
    {
        var q = eye(Dimension, rank, dtype: reflections.dtype, device: reflections.device);
        for (int i = 0; i < rank; i++)
        {
            var v = reflections[i].unsqueeze(1);
            q = q - v.matmul(v.t().matmul(q)) * Scalars.Of(2) / v.square().sum();
        }
        return q;
    }

    /// <summary>Upper triangular, the diagonal squeezed into (−1, 1).</summary>
    private static Tensor Triangular(Tensor raw) => raw.triu(1).Plus(raw.diagonal().tanh().diag());
}
