namespace ProbML;

/// <summary><see cref="Fitting.CensoredNormal"/> as ONNX operators; a limit that is infinite is none.</summary>
internal sealed class OnnxCensoredNormal
{
    private readonly OnnxReal eta;
    private readonly OnnxReal? below, above;
    private readonly double sigma, lower, upper;

    public OnnxCensoredNormal(OnnxReal eta, double sigma, double lower, double upper)
    {
        (this.eta, this.sigma, this.lower, this.upper) = (eta, sigma, lower, upper);
        below = double.IsInfinity(lower) ? null : (lower - eta) / sigma;
        above = double.IsInfinity(upper) ? null : (upper - eta) / sigma;
    }

    /// <summary>P(Y = lower).</summary>
    public OnnxReal Lower => below?.NormalCdf() ?? Zero;

    /// <summary>P(Y = upper).</summary>
    public OnnxReal Upper => above is { } limit ? (-limit).NormalCdf() : Zero;

    /// <summary>E Y.</summary>
    public OnnxReal Mean => ByPlace(
        () => lower + sigma * (Hinge(-below) - Hinge(-above)),
        () => upper - sigma * (Hinge(above) - Hinge(below)),
        eta + sigma * (Hinge(below) - Hinge(-above)));

    /// <summary>∂E Y/∂η.</summary>
    public OnnxReal MeanSlope
    {
        get
        {
            var left = (above?.NormalCdf() ?? Zero + 1) - Lower;
            return below is { } limit ? eta.Scope.Choose(limit > 0, (-limit).NormalCdf() - Upper, left) : left;
        }
    }

    /// <summary>∂E Y/∂ln σ.</summary>
    public OnnxReal MeanScaleSlope => sigma * ((below?.NormalDensity() ?? Zero) - (above?.NormalDensity() ?? Zero));

    /// <summary>Var Y.</summary>
    public OnnxReal Variance
    {
        get
        {
            var mean = Hinge(below) - Hinge(-above);
            var middle = (1 - Cut(-below) - Cut(above) - mean * mean).Max(0);
            return sigma * sigma * ByPlace(
                () => About(below!.Value, above), () => About(-above!.Value, -below), middle);
        }
    }

    private OnnxReal Zero => 0 * eta;

    /// <summary>One formula where η lies below the lower limit, one above the upper, one between.</summary>
    private OnnxReal ByPlace(Func<OnnxReal> beneath, Func<OnnxReal> beyond, OnnxReal between)
    {
        var scope = eta.Scope;
        if (above is { } high)
            between = scope.Choose(high < 0, beyond(), between);
        return below is { } low ? scope.Choose(low > 0, beneath(), between) : between;
    }

    private static OnnxReal About(OnnxReal a, OnnxReal? b)
    {
        OnnxReal mean = Plain(-a), second = Square(a);
        if (b is { } end)
        {
            mean -= Plain(-end);
            second -= Square(end) + 2 * ((end - a) * Plain(-end));
        }
        return (second - mean * mean).Max(0);
    }

    private OnnxReal Hinge(OnnxReal? t) => t is { } finite ? Plain(finite) : Zero;

    private static OnnxReal Plain(OnnxReal t) => t * t.NormalCdf() + t.NormalDensity();

    private static OnnxReal Square(OnnxReal t) => (1 + t * t) * (-t).NormalCdf() - t * t.NormalDensity();

    private OnnxReal Cut(OnnxReal? t) => t is { } finite
        ? (1 - finite * finite) * (-finite).NormalCdf() + finite * finite.NormalDensity()
        : Zero;
}
