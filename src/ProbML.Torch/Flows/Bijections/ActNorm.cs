using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>u = x eˢ + t with a learned s and t a column; ln |det| = Σ s.</summary>
/// <remarks>
/// Begins as the identity; <see cref="Initialize"/> gives the columns of a batch mean 0 and variance 1 (Kingma &amp; Dhariwal
/// 2018, §3.1).
/// </remarks>
public sealed class ActNorm : Bijection
{
    private readonly Parameter logScale;
    private readonly Parameter shift;

    /// <summary>Makes the identity.</summary>
    public ActNorm(int dimension)
        : base(dimension, nameof(ActNorm))
    {
        logScale = Initial.Constant(0, dimension);
        shift = Initial.Constant(0, dimension);
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
        var deviation = x.std(0, unbiased: false).clamp_min(Scalars.Of(1e-6));
        logScale.copy_(deviation.log().neg());
        shift.copy_(x.mean([0L]).neg() / deviation);
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context)
    {
        var s = x.Lift(logScale);
        return (x * s.Exp() + x.Lift(shift), s.ExpandAs(x));
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context)
    {
        var s = noise.Lift(logScale);
        return ((noise - noise.Lift(shift)) * (-s).Exp(), (-s).ExpandAs(noise));
    }
}
