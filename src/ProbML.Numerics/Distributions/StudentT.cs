namespace ProbML;

/// <summary>Student's t distribution: tails and quantiles.</summary>
public static class StudentT
{
    /// <summary>
    /// From how many degrees of freedom on T is normal to double precision in every representable tail.
    /// </summary>
    private const double Normal = 1e22;

    /// <summary>P(|T| &gt; |t|) with ν degrees of freedom, the two-sided p-value.</summary>
    /// <remarks>DLMF §8.17: I over ν / (ν + t²) of (ν/2, ½).</remarks>
    public static double TwoSided(double t, double degreesOfFreedom)
    {
        if (double.IsNaN(t) || !(degreesOfFreedom > 0)) return double.NaN;
        double square = t * t, sum = degreesOfFreedom + square;
        if (degreesOfFreedom >= Normal) return NormalDistribution.TwoSided(t);
        return square > 1e100 * degreesOfFreedom
            ? Math.Exp(LogFarTail(degreesOfFreedom) - degreesOfFreedom * Math.Log(Math.Abs(t)))
            : IncompleteBeta.Lower(0.5 * degreesOfFreedom, 0.5, degreesOfFreedom / sum, square / sum);
    }

    /// <summary>P(T &gt; t).</summary>
    public static double UpperTail(double t, double degreesOfFreedom) =>
        t >= 0 ? 0.5 * TwoSided(t, degreesOfFreedom) : 1 - 0.5 * TwoSided(t, degreesOfFreedom);

    /// <summary>P(T ≤ t).</summary>
    public static double Cdf(double t, double degreesOfFreedom) => UpperTail(-t, degreesOfFreedom);

    /// <summary>The density of T at t.</summary>
    public static double Density(double t, double degreesOfFreedom) => Math.Exp(LogDensity(t, degreesOfFreedom));

    /// <summary>The log density of T at t.</summary>
    public static double LogDensity(double t, double degreesOfFreedom)
    {
        double nu = degreesOfFreedom;
        return nu >= Normal
            ? NormalDistribution.LogDensity(t)
            : -0.5 * ((nu + 1) * Elementary.Log1p(t / nu * t) + Math.Log(nu)) - GammaFunctions.LogBeta(0.5 * nu, 0.5);
    }

    /// <summary>The t with P(T ≤ t) = p.</summary>
    /// <remarks>
    /// Newton's method for ln P(T &gt; t) as a function of ln t, which is concave, so that from the right it cannot
    /// overshoot.
    /// </remarks>
    public static double Quantile(double probability, double degreesOfFreedom)
    {
        double p = probability, nu = degreesOfFreedom, z = NormalDistribution.Quantile(p);
        if (nu >= Normal || z == 0 || !double.IsFinite(z)) return nu > 0 ? z : double.NaN;
        double tail = Math.Min(p, 1 - p);
        double far = Math.Exp((LogFarTail(nu) - Math.Log(2 * tail)) / nu);
        if (far > 1e50 * Math.Sqrt(nu)) return Math.CopySign(far, z);
        double t = nu > 4 && Math.Abs(z) < nu ? Math.Abs(z) * (1 + (z * z + 1) / (4 * nu)) : far;
        for (int iteration = 0; iteration < 200; iteration++)
        {
            double upper = 0.5 * TwoSided(t, nu);
            double step = Math.Log(upper / tail) * upper / (t * Density(t, nu));
            t *= Math.Exp(Math.Clamp(step, -5, 5));
            if (Math.Abs(step) < 1e-9) break;
        }
        return Math.CopySign(t, z);
    }

    /// <summary>The logarithm of the limit of |t|^ν P(|T| &gt; |t|), which is ν^(ν/2) / (ν/2 · B(ν/2, ½)).</summary>
    private static double LogFarTail(double nu) =>
        0.5 * nu * Math.Log(nu) - Math.Log(0.5 * nu) - GammaFunctions.LogBeta(0.5 * nu, 0.5);
}
