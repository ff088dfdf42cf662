namespace ProbML.Flows;

/// <summary>A rising spline of ratios of quadratics, with a continuous derivative: K widths, K heights, K − 1 slopes.</summary>
/// <remarks>
/// Durkan et al. (2019), eqs. 4–5; Gregory &amp; Delbourgo (1982). Inner slopes are min + softplus(raw + ln(e^{1 − min} − 1)), so
/// that a raw 0 is a slope of 1; at ±B the slope is 1. The inverse takes the root that loses no digits.
/// </remarks>
public sealed record RationalQuadraticSpline : SplineTransform
{
    /// <summary>The least slope at a knot, in (0, 1).</summary>
    public double MinimumSlope { get; init; } = 1e-3;

    /// <summary>
    /// Whether it is a function of the circle [−π, π) to itself, for angles: the slopes at both ends are one, learned, the
    /// bound is π, and a last parameter turns the circle. Rezende et al. (2020), §3.2.
    /// </summary>
    public bool IsCircular { get; init; }

    /// <inheritdoc/>
    public override int ParameterCount => IsCircular ? 3 * Bins + 1 : 3 * Bins - 1;

    internal override void Validate()
    {
        base.Validate();
        Check(
            MinimumSlope is > 0 and < 1, $"MinimumSlope must lie in (0, 1), but is {MinimumSlope}.", nameof(MinimumSlope));
        Check(
            !IsCircular || Bound == Math.PI, $"The Bound of a circular spline must be π, but is {Bound}.", nameof(Bound));
    }

    private protected override (FlowValue Value, FlowValue LogDerivative) Apply(
        FlowValue value, FlowValue parameters, bool inverse)
    {
        if (!IsCircular)
            return base.Apply(value, parameters, inverse);
        var turn = Parameter(parameters, 3 * Bins);
        var (result, logDerivative) = Inside(Wrap(inverse ? value - turn : value), parameters, inverse);
        return (Wrap(inverse ? result : result + turn), logDerivative);
    }

    private protected override (FlowValue Value, FlowValue LogDerivative) Inside(
        FlowValue value, FlowValue parameters, bool inverse)
    {
        // Both axes' bins at once, and one look-up for all that is known of a bin.
        var sizes = Sizes(parameters.Narrow(2, 0, 2 * Bins).Group(2, Bins));
        var ends = sizes.CumulativeSum().Ungroup();
        var above = value + Bound;
        var bin = Bin(above, ends, inverse ? Bins : 0);
        var parts = sizes.Ungroup().Join(ends, Slopes(parameters))
            .Gather(bin, 0, Bins, 2 * Bins, 3 * Bins, 4 * Bins, 4 * Bins + 1).Unbind(6);
        var (width, height, slope0, slope1) = (parts[0], parts[1], parts[4], parts[5]);
        var (left, low) = (parts[2] - width, parts[3] - height);
        var slope = height / width;                          // of the bin's chord
        var bend = slope0 + slope1 - slope * 2;
        FlowValue share;
        if (inverse)
        {
            var rise = above - low;
            var bent = rise * bend;
            var a = bent + height * (slope - slope0);
            var b = height * slope0 - bent;
            var c = slope * rise;                            // with its sign turned
            share = c * 2 / (b + (b.Square() + a * c * 4).Sqrt());
        }
        else
        {
            share = (above - left) / width;
        }
        var less = share - 1;
        var mixed = share * less;                            // −ξ (1 − ξ)
        var square = share.Square();
        var ratio = slope / (slope - bend * mixed);
        var logDerivative =
            (ratio.Square() * (slope1 * square - slope * mixed * 2 + slope0 * less.Square())).Log();
        return inverse
            ? (share * width + left - Bound, -logDerivative)
            : (low + width * ratio * (slope * square - slope0 * mixed) - Bound, logDerivative);
    }

    /// <summary>The slopes at the K + 1 knots.</summary>
    private FlowValue Slopes(FlowValue parameters)
    {
        int count = IsCircular ? Bins : Bins - 1;
        double start = Math.Log(Elementary.Expm1(1 - MinimumSlope));
        var slopes = (parameters.Narrow(2, 2 * Bins, count) + start).Softplus() + MinimumSlope;
        return IsCircular ? slopes.Join(slopes.Narrow(2, 0, 1)) : slopes.Pad(1);
    }

    private static FlowValue Wrap(FlowValue angle) =>
        angle - ((angle + Math.PI) * (0.5 / Math.PI)).Floor() * (2 * Math.PI);
}
