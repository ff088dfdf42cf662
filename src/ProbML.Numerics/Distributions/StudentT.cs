namespace ProbML;

/// <summary>Student's t distribution: tails and quantiles.</summary>
public static class StudentT
{
    /// <summary>From how many degrees of freedom on T is normal to double precision in every representable tail.</summary>
    private const double Normal = 1e22;

    /// <summary>P(|T| &gt; |t|) with ν degrees of freedom, the two-sided p-value.</summary>
    /// <remarks>DLMF §8.17: I over ν / (ν + t²) of (ν/2, ½).</remarks>
    public static double TwoSided(double t, double degreesOfFreedom)
    {
        if (double.IsNaN(t) || !(degreesOfFreedom > 0)) return double.NaN;
        double square = t * t, sum = degreesOfFreedom + square;
        if (degreesOfFreedom >= Normal) return NormalDistribution.TwoSided(t);
        return double.IsPositiveInfinity(square)
            ? 0
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
    /// Newton's method for ln P(T &gt; t) as a function of ln t, which is concave, so that from the right it cannot overshoot.
    /// </remarks>
    public static double Quantile(double probability, double degreesOfFreedom)
    {
        double p = probability, nu = degreesOfFreedom, z = NormalDistribution.Quantile(p);
        if (nu >= Normal || z == 0 || !double.IsFinite(z)) return nu > 0 ? z : double.NaN;
        double tail = Math.Min(p, 1 - p);
        double t = nu > 4 && Math.Abs(z) < nu
            ? Math.Abs(z) * (1 + (z * z + 1) / (4 * nu))
            : 2 * Math.Sqrt(nu) * Math.Pow(2 * tail, -1 / nu);
        for (int iteration = 0; iteration < 200; iteration++)
        {
            double upper = 0.5 * TwoSided(t, nu);
            double step = Math.Log(upper / tail) * upper / (t * Density(t, nu));
            t *= Math.Exp(Math.Clamp(step, -5, 5));
            if (Math.Abs(step) < 1e-9) break;
        }
        return Math.CopySign(t, z);
    }
}
