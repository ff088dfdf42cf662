namespace ProbML;

/// <summary>A distribution on (0, ∞) as a function of u = ln x.</summary>
internal interface ILogScaleLaw
{
    /// <summary>The distribution at x.</summary>
    LogScalePoint At(double x);
}

/// <summary>P(X ≤ x), P(X &gt; x), the density x f(x) of ln X, and d ln(x f(x)) / d ln x.</summary>
internal readonly record struct LogScalePoint(double Lower, double Upper, double Density, double LogDensitySlope);

/// <summary>Quantiles of distributions whose ln X has a log-concave density: Gamma, inverse Gaussian.</summary>
/// <remarks>
/// Halley's method for the logarithm of the smaller tail in ln x, which is concave there, inside a bracket that shrinks
/// with each evaluation.
/// </remarks>
internal static class ConcaveQuantile
{
    /// <summary>The x with P(X ≤ x) = <paramref name="lower"/> and P(X &gt; x) = <paramref name="upper"/>.</summary>
    public static double Solve<TLaw>(TLaw law, double lower, double upper, double start)
        where TLaw : struct, ILogScaleLaw
    {
        double x = start, least = 0, most = double.PositiveInfinity;
        bool isLeft = lower <= upper;
        for (int iteration = 0; iteration < 200; iteration++)
        {
            var point = law.At(x);
            if (isLeft ? point.Lower > lower : point.Upper < upper) most = x;
            else least = x;
            double value = isLeft ? Math.Log(point.Lower / lower) : Math.Log(point.Upper / upper);
            double slope = isLeft ? point.Density / point.Lower : -point.Density / point.Upper;
            double newton = -value / slope;
            double halley = newton / Math.Clamp(1 + 0.5 * newton * (point.LogDensitySlope - slope), 0.5, 2);
            double next = x * Math.Exp(Math.Clamp(halley, -50, 50));
            bool isInside = next > least && next < most;
            if (Math.Abs(halley) < 1e-9) return isInside ? next : x;
            x = isInside ? next : Between(least, most, x);
        }
        return x;
    }

    /// <summary>The geometric middle of the bracket, or a long step where one of its ends is not known yet.</summary>
    private static double Between(double least, double most, double x) =>
        least == 0 ? Math.Max(x * 1e-9, MeanPoint.Smallest)
        : double.IsPositiveInfinity(most) ? Math.Min(x * 1e9, double.MaxValue)
        : Math.Sqrt(least) * Math.Sqrt(most);
}
