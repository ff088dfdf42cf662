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
        var heights = Shares(parameters);
        var innerY = InnerKnots(heights);
        var innerX = InnerKnots(parameters.Zeros() + 1.0 / Bins);
        var bin = Bin(value, inverse ? innerY : innerX);
        var (left, low) = (At(innerX.Pad(-Bound, null), bin), At(innerY.Pad(-Bound, null), bin));
        var slope = At(heights, bin) * (2 * Bound / width);
        return inverse
            ? ((value - low) / slope + left, -slope.Log())
            : ((value - left) * slope + low, slope.Log());
    }
}
