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
        var inside = value.Abs().IsLess(Bound);
        var (result, logDerivative) = Inside(inside.Where(value, 0), parameters, inverse);
        return (inside.Where(result, value), inside.Where(logDerivative, 0));
    }

    /// <summary>Sizes of bins, as shares of 2B, from K numbers.</summary>
    private protected FlowValue Shares(FlowValue raw) => raw.Softmax() * (1 - Bins * MinimumBin) + MinimumBin;

    /// <summary>The inner knots, [n, k, K − 1], from the bins' shares.</summary>
    private protected FlowValue InnerKnots(FlowValue shares) =>
        shares.Narrow(2, 0, Bins - 1).CumulativeSum() * (2 * Bound) - Bound;

    /// <summary>The bin that a number lies in, [n, k, 1]: at a knot the one on its right.</summary>
    private protected static FlowValue Bin(FlowValue value, FlowValue innerKnots) =>
        value.Unsqueeze(2).IsAtLeast(innerKnots).CountTrue();

    private protected static FlowValue At(FlowValue numbers, FlowValue bin) => numbers.Gather(bin).Squeeze(2);
}
