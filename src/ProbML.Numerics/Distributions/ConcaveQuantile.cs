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
/// Halley's method for the logarithm of the smaller tail in u = ln x, which is concave there, inside a bracket that shrinks
/// with each evaluation.
/// </remarks>
internal static class ConcaveQuantile
{
    /// <summary>The x with P(X ≤ x) = <paramref name="lower"/> and P(X &gt; x) = <paramref name="upper"/>.</summary>
    public static double Solve<TLaw>(TLaw law, double lower, double upper, double start)
        where TLaw : struct, ILogScaleLaw
    {
        double u = Math.Log(start), least = -745, most = 709.7;
        bool isLeft = lower <= upper;
        for (int iteration = 0; iteration < 200; iteration++)
        {
            var point = law.At(Math.Exp(u));
            if (isLeft ? point.Lower > lower : point.Upper < upper) most = u;
            else least = u;
            double value = isLeft ? Math.Log(point.Lower / lower) : Math.Log(point.Upper / upper);
            double slope = isLeft ? point.Density / point.Lower : -point.Density / point.Upper;
            double newton = -value / slope;
            double halley = newton / Math.Clamp(1 + 0.5 * newton * (point.LogDensitySlope - slope), 0.5, 2);
            double next = u + halley;
            if (!(next > least && next < most))
            {
                if (Math.Abs(halley) < 1e-12) break;
                next = Math.Clamp(next, least, most) is var edge && double.IsFinite(edge) && edge != u
                    ? 0.5 * (Math.Clamp(edge, u - 50, u + 50) + u)
                    : 0.5 * (least + most);
            }
            double change = Math.Abs(next - u);
            u = next;
            if (change < 1e-9) break;
        }
        return Math.Exp(u);
    }
}
