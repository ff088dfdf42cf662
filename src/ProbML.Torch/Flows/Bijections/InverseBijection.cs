namespace ProbML.Flows;

/// <summary>f⁻¹: a bijection with its two ways exchanged; of a masked autoregressive one, the inverse autoregressive flow.</summary>
/// <remarks>Kingma et al. (2016): sampling is one pass, a density takes one pass a column.</remarks>
public sealed class InverseBijection : Bijection
{
    private readonly Bijection inner;

    /// <summary>Turns a bijection round.</summary>
    /// <param name="inner">f.</param>
    public InverseBijection(Bijection inner)
        : base((inner ?? throw new ArgumentNullException(nameof(inner))).Dimension, nameof(InverseBijection))
    {
        this.inner = inner;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsTriangular => inner.IsTriangular;

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context) =>
        inner.MapBack(x, context);

    /// <inheritdoc/>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context) =>
        inner.Map(noise, context);
}
