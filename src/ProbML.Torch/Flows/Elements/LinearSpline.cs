namespace ProbML.Flows;

/// <summary>A rising piecewise linear function of bins of equal width: K heights.</summary>
/// <remarks>Müller et al. (2019), §4.1. Its density has steps at the knots; it is the cheapest to invert.</remarks>
public sealed record LinearSpline : SplineTransform
{
    /// <inheritdoc/>
    public override int ParameterCount => Bins;

    private protected override (FlowValue Value, FlowValue LogDerivative) Inside(
        FlowValue value, FlowValue parameters, bool inverse)
    {
        double width = 2 * Bound / Bins;
        var heights = Sizes(parameters);
        var widths = parameters.Zeros() + width;
        var (tops, ends) = (heights.CumulativeSum(), widths.CumulativeSum());
        var above = value + Bound;
        var bin = Bin(above, inverse ? tops : ends, 0);
        var parts = heights.Join(tops, ends).Gather(bin, 0, Bins, 2 * Bins).Unbind(3);
        var (height, low, left) = (parts[0], parts[1] - parts[0], parts[2] - width);
        var slope = height * (1 / width);
        return inverse
            ? ((above - low) / slope + left - Bound, -slope.Log())
            : ((above - left) * slope + low - Bound, slope.Log());
    }
}
