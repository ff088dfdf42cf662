using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>u = (x − μ) / √(σ² + ε) eᵞ + β with the batch's mean and variance in training, their running means elsewhere.</summary>
/// <remarks>Dinh, Sohl-Dickstein &amp; Bengio (2017), §3.7; Papamakarios, Pavlakou &amp; Murray (2017), appendix B; ε = 10⁻⁵.</remarks>
public sealed class BatchNormBijection : Bijection
{
    private const double Epsilon = 1e-5;

    private static readonly Scalar EpsilonScalar = Scalars.Of(Epsilon);
    private static readonly Scalar Momentum = Scalars.Of(0.1);
    private static readonly Scalar Half = Scalars.Of(0.5);
    private readonly Parameter logGamma;
    private readonly Parameter beta;

    /// <summary>Makes the layer, with a running mean of 0 and variance of 1.</summary>
    public BatchNormBijection(int dimension)
        : base(dimension, nameof(BatchNormBijection))
    {
        logGamma = Initial.Constant(0, dimension);
        beta = Initial.Constant(0, dimension);
        register_buffer("mean", zeros(dimension).DetachFromDisposeScope());
        register_buffer("variance", ones(dimension).DetachFromDisposeScope());
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsTriangular => true;

    /// <inheritdoc/>
    public override void Initialize(Tensor x, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        Buffer("mean").copy_(x.mean([0L]));
        Buffer("variance").copy_(x.var(0, unbiased: false));
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context)
    {
        ArgumentNullException.ThrowIfNull(x);
        var (centre, spread) = x is TensorValue rows && training && is_grad_enabled() && rows.Tensor.shape[0] > 1
            ? OfBatch(rows.Tensor)
            : (Buffer("mean"), Buffer("variance"));
        var s = LogScale(spread);
        return ((x - x.Lift(centre)) * x.Lift(s.exp()) + x.Lift(beta), x.Lift(s).ExpandAs(x));
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context)
    {
        ArgumentNullException.ThrowIfNull(noise);
        var s = LogScale(Buffer("variance")).neg();
        return (
            (noise - noise.Lift(beta)) * noise.Lift(s.exp()) + noise.Lift(Buffer("mean")), noise.Lift(s).ExpandAs(noise));
    }

    private (Tensor Mean, Tensor Variance) OfBatch(Tensor x)
    {
        var (centre, spread) = (x.mean([0L]), x.var(0, unbiased: false));
        using (no_grad())
        {
            Buffer("mean").lerp_(centre.detach(), Momentum);
            Buffer("variance").lerp_(spread.detach(), Momentum);
        }
        return (centre, spread);
    }

    private Tensor LogScale(Tensor spread) => logGamma - spread.Plus(EpsilonScalar).log() * Half;

    private Tensor Buffer(string name) => get_buffer(name)!;
}
