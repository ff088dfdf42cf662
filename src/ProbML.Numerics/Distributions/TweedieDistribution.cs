namespace ProbML;

/// <summary>
/// The Tweedie distribution of power p in (1, 2): a Poisson(λ) number of Gamma(α) variables of scale τ, with
/// λ = μ^(2−p) / (φ(2−p)), α = (2−p) / (p−1), τ = φ(p−1) μ^(p−1).
/// </summary>
/// <remarks>Jørgensen (1997), §4.2; Dunn &amp; Smyth (2005), Statistics and Computing 15, §2–4.</remarks>
public static class TweedieDistribution
{
    private const double Negligible = 1e-17;

    /// <summary>ln f(y; μ = y, φ), the part of the log density that the mean does not touch; 0 at y = 0.</summary>
    /// <remarks>
    /// The series of Dunn &amp; Smyth (2005), §4, outward from its mode. At μ = y its terms are Poisson times Gamma,
    /// which in Loader's form are √α / (2πy) · exp(−(1 + α) D₀(n, λ) − δ(n) − δ(nα)), so nothing large cancels.
    /// </remarks>
    public static double LogSaddle(double y, double dispersion, double power)
    {
        if (y == 0) return 0;
        double alpha = (2 - power) / (power - 1), lambda = Math.Pow(y, 2 - power) / (dispersion * (2 - power));
        double stride = Stride(lambda, alpha), mode = Math.Max(1, Math.Round(lambda));
        double peak = LogTerm(mode, lambda, alpha), sum = 1;
        for (double n = mode + stride, term = 1; term > Negligible * sum; n += stride)
        {
            sum += term = Math.Exp(LogTerm(n, lambda, alpha) - peak);
        }
        for (double n = mode - stride, term = 1; n >= 1 && term > Negligible * sum; n -= stride)
        {
            sum += term = Math.Exp(LogTerm(n, lambda, alpha) - peak);
        }
        return 0.5 * Math.Log(alpha) - Math.Log(2 * Math.PI * y) + peak + Math.Log(sum * stride);
    }

    /// <summary>P(Y ≤ y) = e^(−λ) + Σₙ P(N = n) P(nα, y / τ).</summary>
    public static double Cdf(double y, double mean, double dispersion, double power)
    {
        if (y < 0) return 0;
        var law = new CompoundLaw(mean, dispersion, power);
        if (y == 0) return law.Atom;
        return double.IsPositiveInfinity(y) ? 1 : law.Atom + law.Positive * law.At(y / law.Scale).Lower;
    }

    /// <summary>The smallest y with P(Y ≤ y) ≥ p: 0 up to p = e^(−λ).</summary>
    /// <remarks>Started by the Gamma distribution of the same mean and variance as Y given Y &gt; 0.</remarks>
    public static double Quantile(double probability, double mean, double dispersion, double power)
    {
        if (!(probability >= 0 && probability <= 1)) return double.NaN;
        if (probability == 1) return double.PositiveInfinity;
        var law = new CompoundLaw(mean, dispersion, power);
        double lower = (probability - law.Atom) / law.Positive, upper = (1 - probability) / law.Positive;
        if (!(lower > 0)) return 0;
        double expected = mean / law.Positive;
        double variance = (dispersion * Math.Pow(mean, power) + mean * mean) / law.Positive - expected * expected;
        double start = variance / expected * GammaDistribution.Quantile(lower, expected * expected / variance);
        if (start < MeanPoint.Smallest * law.Scale) start = MeanPoint.Smallest * law.Scale;
        return law.Scale * ConcaveQuantile.Solve(law, lower, upper, start / law.Scale);
    }

    /// <summary>How many terms one stands for, in a sum whose terms are greatest at n.</summary>
    /// <remarks>
    /// The terms are nearly Gaussian in n, of variance s² = n / (1 + α). By Poisson's summation formula a sum at every
    /// h-th n, times h, differs from the whole by exp(−2π² s² / h²), 1e-22 here: dozens of terms do, however large n.
    /// </remarks>
    private static double Stride(double n, double alpha) =>
        n < 50 ? 1 : Math.Max(1, Math.Floor(0.62 * Math.Sqrt(n / (1 + alpha))));

    private static double LogTerm(double n, double lambda, double alpha) =>
        -(1 + alpha) * Elementary.PoissonDivergence(n, lambda)
        - GammaFunctions.StirlingError(n) - GammaFunctions.StirlingError(n * alpha);

    /// <summary>Y / τ given Y &gt; 0.</summary>
    private readonly struct CompoundLaw : ILogScaleLaw
    {
        private readonly double lambda, alpha;

        public CompoundLaw(double mean, double dispersion, double power)
        {
            lambda = Math.Pow(mean, 2 - power) / (dispersion * (2 - power));
            alpha = (2 - power) / (power - 1);
            Scale = dispersion * (power - 1) * Math.Pow(mean, power - 1);
            Atom = Math.Exp(-lambda);
            Positive = -Elementary.Expm1(-lambda);
        }

        public double Scale { get; }

        public double Atom { get; }

        public double Positive { get; }

        public LogScalePoint At(double x)
        {
            double densest = Math.Pow(lambda * Math.Pow(x / alpha, alpha), 1 / (1 + alpha));
            double stride = Stride(Math.Min(lambda, densest), alpha), mode = Math.Max(1, Math.Floor(lambda));
            var sum = new Mixture();
            for (double n = mode, mass; (mass = Mass(n)) > 0; n += stride)
            {
                if (!sum.Add(mass, n * alpha, x) && n >= densest) break;
            }
            for (double n = mode - stride, mass; n >= 1 && (mass = Mass(n)) > 0; n -= stride)
            {
                if (!sum.Add(mass, n * alpha, x) && n <= densest) break;
            }
            double scale = stride / Positive;
            return new(sum.Lower * scale, sum.Upper * scale, sum.Density * scale, sum.Slope / sum.Density);
        }

        private double Mass(double n) => Math.Exp(PoissonDistribution.LogProbability(n, lambda));
    }

    /// <summary>A sum of Gamma distributions, weighted by the probabilities of their counts.</summary>
    private struct Mixture
    {
        public double Lower, Upper, Density, Slope;

        /// <summary>Adds a part; false: it was too small to matter.</summary>
        public bool Add(double mass, double shape, double x)
        {
            var tails = IncompleteGamma.Tails(shape, x);
            double lower = mass * tails.Lower, upper = mass * tails.Upper, density = mass * tails.Density;
            Lower += lower;
            Upper += upper;
            Density += density;
            Slope += density * (shape - x);
            return lower > Negligible * Lower || upper > Negligible * Upper;
        }
    }
}
