namespace ProbML;

/// <summary>Fisher's F distribution of a ratio of mean squares: tails.</summary>
public static class FisherF
{
    /// <summary>P(F &gt; f) with d₁ and d₂ degrees of freedom: I over d₂ / (d₂ + d₁ f) of (d₂/2, d₁/2).</summary>
    /// <remarks>Abramowitz &amp; Stegun (1964), 26.6.2. d₂ may be infinite: then d₁ F is chi-squared.</remarks>
    public static double UpperTail(double f, double numerator, double denominator)
    {
        if (f <= 0) return 1;
        if (double.IsPositiveInfinity(f)) return 0;
        if (double.IsPositiveInfinity(denominator)) return ChiSquared.UpperTail(numerator * f, numerator);
        double part = numerator * f, sum = denominator + part;
        return IncompleteBeta.Lower(0.5 * denominator, 0.5 * numerator, denominator / sum, part / sum);
    }

    /// <summary>P(F ≤ f).</summary>
    public static double Cdf(double f, double numerator, double denominator)
    {
        if (f <= 0) return 0;
        if (double.IsPositiveInfinity(f)) return 1;
        if (double.IsPositiveInfinity(denominator)) return ChiSquared.Cdf(numerator * f, numerator);
        double part = numerator * f, sum = denominator + part;
        return IncompleteBeta.Lower(0.5 * numerator, 0.5 * denominator, part / sum, denominator / sum);
    }
}
