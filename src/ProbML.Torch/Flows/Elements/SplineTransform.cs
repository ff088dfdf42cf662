namespace ProbML.Flows;

/// <summary>A rising spline on (−B, B), the identity outside: bins between knots, of widths and heights from a softmax.</summary>
public abstract record SplineTransform : ElementTransform
{
    private protected SplineTransform()
    {
    }

    /// <summary>Bins, K; at least 2.</summary>
    public int Bins { get; init; } = 8;

    /// <summary>B, above 0.</summary>
    public double Bound { get; init; } = 3;

    /// <summary>The least width and height of a bin, as a share of 2B; above 0 and below 1 / K.</summary>
    public double MinimumBin { get; init; } = 1e-3;

    internal override void Validate()
    {
        Check(Bins >= 2, $"Bins must be at least 2, but is {Bins}.", nameof(Bins));
        Check(Bound > 0 && double.IsFinite(Bound), $"Bound must be above 0, but is {Bound}.", nameof(Bound));
        Check(
            MinimumBin > 0 && MinimumBin * Bins < 1,
            $"MinimumBin must be above 0 and below 1 / Bins = {1.0 / Bins}, but is {MinimumBin}.",
            nameof(MinimumBin));
    }

    internal sealed override (FlowValue Noise, FlowValue LogDerivative) Map(FlowValue x, FlowValue parameters) =>
        Apply(x, parameters, inverse: false);

    internal sealed override (FlowValue Data, FlowValue LogDerivative) MapBack(FlowValue noise, FlowValue parameters) =>
        Apply(noise, parameters, inverse: true);

    /// <summary>The spline, or its inverse, of numbers in (−B, B).</summary>
    private protected abstract (FlowValue Value, FlowValue LogDerivative) Inside(
        FlowValue value, FlowValue parameters, bool inverse);

    private protected virtual (FlowValue Value, FlowValue LogDerivative) Apply(
        FlowValue value, FlowValue parameters, bool inverse)
    {
        var outside = value.Abs().IsAtLeast(Bound);
        var (result, logDerivative) = Inside(outside.Where(0, value), parameters, inverse);
        return (outside.Where(value, result), outside.Where(0, logDerivative));
    }

    /// <summary>Sizes of bins, which add up to 2B, from K numbers of the last axis.</summary>
    private protected FlowValue Sizes(FlowValue raw) =>
        raw.Softmax() * (2 * Bound * (1 - Bins * MinimumBin)) + 2 * Bound * MinimumBin;

    /// <summary>The bin that a number lies in, [n, k, 1]: at a knot the one on its right.</summary>
    /// <param name="height">The number's height above the first knot, [n, k].</param>
    /// <param name="ends">The bins' ends above it, [n, k, ...].</param>
    /// <param name="start">Where on the last axis they begin.</param>
    private protected FlowValue Bin(FlowValue height, FlowValue ends, int start) =>
        height.Unsqueeze(2).IsAtLeast(ends.Narrow(2, start, Bins - 1)).CountTrue();
}
