namespace ProbML;

/// <summary>
/// The regularized incomplete gamma functions P(a, x) and Q(a, x) = 1 − P, each accurate where it is small.
/// </summary>
public static class IncompleteGamma
{
    private const double Precision = 1e-16;

    /// <summary>P(a, x) = γ(a, x) / Γ(a), a &gt; 0, x ≥ 0.</summary>
    public static double Lower(double a, double x) => Tails(a, x).Lower;

    /// <summary>Q(a, x) = Γ(a, x) / Γ(a), a &gt; 0, x ≥ 0.</summary>
    public static double Upper(double a, double x) => Tails(a, x).Upper;

    /// <summary>P, Q and xᵃ e⁻ˣ / Γ(a), which is dP / d ln x.</summary>
    /// <remarks>
    /// The power series (DLMF 8.7.1) left of x = a + 1, the continued fraction (DLMF 8.9.2) right of it, and for large
    /// a near x = a, where both are slow, Temme's expansion.
    /// </remarks>
    internal static GammaTails Tails(double a, double x)
    {
        if (!(a > 0 && x >= 0)) return new(double.NaN, double.NaN, double.NaN);
        if (x == 0) return new(0, 1, 0);
        if (double.IsPositiveInfinity(x)) return new(1, 0, 0);
        double divergence = Elementary.RatioExcess(x, a);
        if (a >= UniformGamma.LeastShape && divergence < UniformGamma.MostDivergence)
        {
            return UniformGamma.Tails(a, x > a, divergence);
        }
        double density = Math.Sqrt(a / (2 * Math.PI)) * Math.Exp(-a * divergence - GammaFunctions.StirlingError(a));
        if (x < a + 1)
        {
            double lower = Math.Min(1, density / a * Series(a, x));
            return new(lower, 1 - lower, density);
        }
        double upper = density * ContinuedFraction(a, x);
        return new(1 - upper, upper, density);
    }

    /// <summary>1 + x / (a + 1) + x² / ((a + 1)(a + 2)) + …</summary>
    private static double Series(double a, double x)
    {
        double term = 1, sum = 1;
        for (double n = a + 1; term > Precision * sum; n++)
        {
            term *= x / n;
            sum += term;
        }
        return sum;
    }

    /// <summary>1 / (x + 1 − a − 1(1 − a) / (x + 3 − a − 2(2 − a) / (x + 5 − a − …))).</summary>
    /// <remarks>Lentz's method as modified by Thompson &amp; Barnett (1986).</remarks>
    private static double ContinuedFraction(double a, double x)
    {
        double b = x + 1 - a, c = double.MaxValue, d = 1 / b, value = d;
        for (int i = 1; i < 100_000; i++)
        {
            double numerator = -i * (i - a);
            b += 2;
            d = 1 / (numerator * d + b);
            c = b + numerator / c;
            double change = c * d;
            value *= change;
            if (Math.Abs(change - 1) <= 2 * Precision) break;
        }
        return value;
    }
}

/// <summary>P(a, x), Q(a, x) and dP / d ln x.</summary>
internal readonly record struct GammaTails(double Lower, double Upper, double Density);
