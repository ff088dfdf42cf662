namespace ProbML;

/// <summary>The regularized incomplete beta function, accurate where it is small.</summary>
public static class IncompleteBeta
{
    private const double Precision = 1e-16;

    /// <summary>Iₓ(a, b), a, b &gt; 0, with 1 − x given besides x so that neither is rounded.</summary>
    /// <remarks>DLMF 8.17.22 and, beyond the mean, 8.17.4: Iₓ(a, b) = 1 − I₁₋ₓ(b, a).</remarks>
    public static double Lower(double a, double b, double x, double complement)
    {
        if (!(a > 0 && b > 0 && x >= 0 && complement >= 0)) return double.NaN;
        if (x == 0) return 0;
        if (complement == 0) return 1;
        return a * complement >= b * x
            ? Left(a, b, x, complement)
            : 1 - Left(b, a, complement, x);
    }

    /// <summary>xᵃ (1 − x)ᵇ / B(a, b).</summary>
    /// <remarks>
    /// Didonato &amp; Morris (1992), Algorithm 708, function BRCOMP; Loader (2000) for the saddle-point form.
    /// </remarks>
    internal static double Density(double a, double b, double x, double complement)
    {
        if (Math.Min(a, b) < 10)
        {
            double logX = complement < 0.5 ? Elementary.Log1p(-complement) : Math.Log(x);
            double logComplement = x < 0.5 ? Elementary.Log1p(-x) : Math.Log(complement);
            return Math.Exp(a * logX + b * logComplement - GammaFunctions.LogBeta(a, b));
        }
        double sum = a + b, shift = b * x - a * complement;
        double errors = GammaFunctions.StirlingError(sum)
            - GammaFunctions.StirlingError(a) - GammaFunctions.StirlingError(b);
        double divergence = a * Elementary.LogExcess(shift / a) + b * Elementary.LogExcess(-shift / b);
        return Math.Sqrt(a / sum * b / (2 * Math.PI)) * Math.Exp(errors - divergence);
    }

    /// <summary>Iₓ(a, b) for x ≤ a / (a + b), by the even part of the continued fraction 8.17.22.</summary>
    /// <remarks>Didonato &amp; Morris (1992), Algorithm 708, function BFRAC.</remarks>
    private static double Left(double a, double b, double x, double complement)
    {
        double density = Density(a, b, x, complement), lambda = a * complement - b * x;
        if (density == 0) return 0;
        double c = 1 + lambda, c0 = b / a, c1 = 1 + 1 / a, next = complement + 1;
        double p = 1, s = a + 1, an = 0, bn = 1, anp1 = 1, bnp1 = c / c1, ratio = c1 / c;
        for (int n = 1; n < 1_000_000; n++)
        {
            double t = n / a, w = n * (b - n) * x, e = a / s;
            double alpha = p * (p + c0) * e * e * (w * x);
            e = (1 + t) / (c1 + t + t);
            double beta = n + w / s + e * (c + n * next);
            p = 1 + t;
            s += 2;
            (an, anp1) = (anp1, alpha * an + beta * anp1);
            (bn, bnp1) = (bnp1, alpha * bn + beta * bnp1);
            double previous = ratio;
            ratio = anp1 / bnp1;
            if (Math.Abs(ratio - previous) <= Precision * ratio) break;
            an /= bnp1;
            bn /= bnp1;
            anp1 = ratio;
            bnp1 = 1;
        }
        return density * ratio;
    }
}
