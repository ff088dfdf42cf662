using ProbML.Flows;
using static TorchSharp.torch;

namespace ProbML.Vae;

/// <summary>The distribution of z = f(z₀; h), z₀ ~ q₀: ln q(z) = ln q₀(z₀) − ln |det ∂f/∂z₀|.</summary>
/// <remarks>Rezende &amp; Mohamed (2015), eq. 13. It is drawn from and weighed where it is drawn; it has no closed divergence.</remarks>
/// <param name="Start">q₀.</param>
/// <param name="Flow">f.</param>
/// <param name="Context">h, [n, c], or [samples, n, c].</param>
public sealed record FlowPosterior(IPosterior Start, Bijection Flow, Tensor Context) : IPosterior
{
    /// <inheritdoc/>
    public long Dimension => Start.Dimension;

    /// <inheritdoc/>
    public (Tensor Value, Tensor LogDensity) Draw(Tensor noise)
    {
        var (start, logDensity) = Start.Draw(noise);
        var (value, logDet) = Flow.Forward(start.reshape(-1, Dimension), Rows(start));
        return (value.reshape(start.shape), logDensity - logDet.reshape(logDensity.shape));
    }

    /// <inheritdoc/>
    public Tensor Sample(Tensor noise)
    {
        var start = Start.Sample(noise);
        return Flow.Forward(start.reshape(-1, Dimension), Rows(start)).Noise.reshape(start.shape);
    }

    /// <inheritdoc/>
    public Tensor? KlTerms() => null;

    /// <summary>h for each draw, [samples · n, c].</summary>
    private Tensor Rows(Tensor start)
    {
        long width = Context.size(-1);
        return Context.expand([.. start.shape[..^1], width]).reshape(-1, width);
    }
}
