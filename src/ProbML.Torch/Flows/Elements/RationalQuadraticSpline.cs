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
        var widths = Shares(parameters.Narrow(2, 0, Bins));
        var heights = Shares(parameters.Narrow(2, Bins, Bins));
        var (innerX, innerY) = (InnerKnots(widths), InnerKnots(heights));
        var bin = Bin(value, inverse ? innerY : innerX);
        var (left, low) = (At(innerX.Pad(-Bound, null), bin), At(innerY.Pad(-Bound, null), bin));
        var (width, height) = (At(widths, bin) * (2 * Bound), At(heights, bin) * (2 * Bound));
        var (slope0, slope1) = Slopes(parameters, bin);
        var slope = height / width;                          // of the bin's chord
        var bend = slope0 + slope1 - slope * 2;
        FlowValue share, result;
        if (inverse)
        {
            var rise = value - low;
            var a = rise * bend + height * (slope - slope0);
            var b = height * slope0 - rise * bend;
            var c = -(slope * rise);
            share = c * 2 / (-b - (b.Square() - a * c * 4).Sqrt());
            result = share * width + left;
        }
        else
        {
            share = (value - left) / width;
            var mix = share * (-share + 1);
            result = low + height * (slope * share.Square() + slope0 * mix) / (slope + bend * mix);
        }
        var rest = -share + 1;
        var mixed = share * rest;
        var logDerivative =
            (slope.Square() * (slope1 * share.Square() + slope * mixed * 2 + slope0 * rest.Square())).Log()
            - (slope + bend * mixed).Log() * 2;
        return (result, inverse ? -logDerivative : logDerivative);
    }

    private (FlowValue Left, FlowValue Right) Slopes(FlowValue parameters, FlowValue bin)
    {
        int count = IsCircular ? Bins : Bins - 1;
        double start = Math.Log(Elementary.Expm1(1 - MinimumSlope));
        var slopes = (parameters.Narrow(2, 2 * Bins, count) + start).Softplus() + MinimumSlope;
        return IsCircular
            ? (At(slopes, bin), At(slopes.Narrow(2, 1, Bins - 1).Join(slopes.Narrow(2, 0, 1)), bin))
            : (At(slopes.Pad(1, null), bin), At(slopes.Pad(null, 1), bin));
    }

    private static FlowValue Wrap(FlowValue angle) =>
        angle - ((angle + Math.PI) * (0.5 / Math.PI)).Floor() * (2 * Math.PI);
}
