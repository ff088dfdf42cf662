namespace ProbML;

/// <summary>The chi-squared distribution: tails and quantiles.</summary>
public static class ChiSquared
{
    /// <summary>P(X &gt; x) = Q(k/2, x/2) with k degrees of freedom, the p-value of a likelihood-ratio test.</summary>
    public static double UpperTail(double x, double degreesOfFreedom) =>
        x <= 0 ? 1 : IncompleteGamma.Upper(0.5 * degreesOfFreedom, 0.5 * x);

    /// <summary>P(X ≤ x) = P(k/2, x/2).</summary>
    public static double Cdf(double x, double degreesOfFreedom) =>
        x <= 0 ? 0 : IncompleteGamma.Lower(0.5 * degreesOfFreedom, 0.5 * x);

    /// <summary>The x with P(X ≤ x) = p.</summary>
    public static double Quantile(double probability, double degreesOfFreedom) =>
        2 * GammaDistribution.Quantile(probability, 0.5 * degreesOfFreedom);
}
