using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>u = L U x + t with L unit lower and U upper triangular, diagonal eˢ; ln |det| = Σ s.</summary>
/// <remarks>Oliva et al. (2018), §3.2; Kingma &amp; Dhariwal (2018), §3.2, without their permutation. Begins as the identity.</remarks>
public sealed class LuLinear : Bijection
{
    private readonly Parameter lower;
    private readonly Parameter upper;
    private readonly Parameter logDiagonal;
    private readonly Parameter shift;

    /// <summary>Makes the identity.</summary>
    public LuLinear(int dimension)
        : base(dimension, nameof(LuLinear))
    {
        lower = Square();
        upper = Square();
        logDiagonal = Initial.Constant(0, dimension);
        shift = Initial.Constant(0, dimension);
        RegisterComponents();

        Parameter Square()
        {
            var zero = nn.Parameter(zeros(dimension, dimension));
            zero.DetachFromDisposeScope();
            return zero;
        }
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context)
    {
        var (l, u) = Factors();
        return (x.Linear(l.matmul(u), shift), x.Lift(logDiagonal).ExpandAs(x));
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context)
    {
        var (l, u) = Factors();
        var identity = eye(Dimension, dtype: l.dtype, device: l.device);
        var inverse = linalg.solve_triangular(u, linalg.solve_triangular(l, identity, upper: false), upper: true);
        return ((noise - noise.Lift(shift)).Linear(inverse, null), noise.Lift(logDiagonal.neg()).ExpandAs(noise));
    }

    private (Tensor L, Tensor U) Factors()
    {
        var identity = eye(Dimension, dtype: lower.dtype, device: lower.device);
        return (lower.tril(-1).Plus(identity), upper.triu(1).Plus(logDiagonal.exp().diag()));
    }
}
