namespace ProbML;

/// <summary>
/// The standard normal distribution: Φ, its tails, their logarithms and its quantiles, to about 1e-15.
/// </summary>
public static class NormalDistribution
{
    internal const double InverseRootTwoPi = 0.398942280401432677939946059934;
    private const double HalfLogTwoPi = 0.918938533204672741780329736406;

    /// <summary>φ(x) = exp(−x²/2) / √(2π).</summary>
    public static double Density(double x) => InverseRootTwoPi * Bell(x);

    /// <summary>ln φ(x).</summary>
    public static double LogDensity(double x) => -0.5 * x * x - HalfLogTwoPi;

    /// <summary>Φ(x) = P(Z ≤ x), accurate in both tails.</summary>
    public static double Cdf(double x) =>
        x < -Cody.Middle ? Bell(x) * Cody.Tail(-x)
        : x <= Cody.Middle ? 0.5 + Cody.Central(x)
        : 1 - Bell(x) * Cody.Tail(x);

    /// <summary>1 − Φ(x) = P(Z &gt; x).</summary>
    public static double UpperTail(double x) => Cdf(-x);

    /// <summary>P(|Z| &gt; |z|), the two-sided p-value of a z statistic.</summary>
    public static double TwoSided(double z) => 2 * Cdf(-Math.Abs(z));

    /// <summary>ln Φ(x), also where Φ(x) underflows.</summary>
    public static double LogCdf(double x) =>
        x < -Cody.Middle ? -0.5 * x * x + Math.Log(Cody.Tail(-x))
        : x <= Cody.Middle ? Math.Log(0.5 + Cody.Central(x))
        : Elementary.Log1p(-Bell(x) * Cody.Tail(x));

    /// <summary>e^(x²/2) P(Z &gt; x), x ≥ 0: Mills' ratio over √(2π), which never underflows.</summary>
    public static double ScaledTail(double x) =>
        x > Cody.Middle ? Cody.Tail(x) : (0.5 - Cody.Central(x)) / Bell(x);

    /// <summary>Φ⁻¹(p), p in [0, 1].</summary>
    /// <remarks>Wichura (1988), Algorithm AS 241, PPND16.</remarks>
    public static double Quantile(double p)
    {
        double q = p - 0.5;
        if (Math.Abs(q) <= 0.425) return q * Wichura.Central(q * q);
        double tail = q < 0 ? p : 1 - p;
        if (!(tail > 0)) return tail == 0 ? Math.CopySign(double.PositiveInfinity, q) : double.NaN;
        return Math.CopySign(Wichura.Tail(tail), q);
    }

    /// <summary>The x with P(Z &gt; x) = p, for p too small to be told from 1 − p.</summary>
    public static double UpperQuantile(double p) => -Quantile(p);

    /// <summary>e^(−x²/2), the square taken in two parts so that its rounding does not show.</summary>
    internal static double Bell(double x)
    {
        if (Math.Abs(x) < 4) return Math.Exp(-0.5 * x * x);
        if (Math.Abs(x) > 40) return 0;
        double coarse = Math.Truncate(x * 16) / 16, rest = (x - coarse) * (x + coarse);
        return Math.Exp(-0.5 * coarse * coarse) * Math.Exp(-0.5 * rest);
    }

    private static class Wichura
    {
        public static double Central(double square)
        {
            double r = 0.180625 - square;
            double top = ((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r
                + 6.7265770927008700853e4) * r + 4.5921953931549871457e4) * r + 1.3731693765509461125e4) * r
                + 1.9715909503065514427e3) * r + 1.3314166789178437745e2) * r + 3.3871328727963666080;
            double bottom = ((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r
                + 3.9307895800092710610e4) * r + 2.1213794301586595867e4) * r + 5.3941960214247511077e3) * r
                + 6.8718700749205790830e2) * r + 4.2313330701600911252e1) * r + 1;
            return top / bottom;
        }

        public static double Tail(double p)
        {
            double r = Math.Sqrt(-Math.Log(p));
            return r <= 5 ? Near(r - 1.6) : Far(r - 5);
        }

        private static double Near(double r)
        {
            double top = ((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r
                + 2.41780725177450611770e-1) * r + 1.27045825245236838258) * r + 3.64784832476320460504) * r
                + 5.76949722146069140550) * r + 4.63033784615654529590) * r + 1.42343711074968357734;
            double bottom = ((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r
                + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r
                + 1.67638483018380384940) * r + 2.05319162663775882187) * r + 1;
            return top / bottom;
        }

        private static double Far(double r)
        {
            double top = ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
                + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r
                + 1.78482653991729133580) * r + 5.46378491116411436990) * r + 6.65790464350110377720;
            double bottom = ((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r
                + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r
                + 1.36929880922735805310e-1) * r + 5.99832206555887937690e-1) * r + 1;
            return top / bottom;
        }
    }
}
