namespace ProbML.DensityRatios;

/// <summary>An estimate of ln r(x) = ln p(x)/q(x), p the density of the numerator's rows and q that of the denominator's.</summary>
/// <remarks>Sugiyama, Suzuki &amp; Kanamori (2012), Density Ratio Estimation in Machine Learning.</remarks>
public interface IDensityRatio
{
    /// <summary>The number of features of a row, d.</summary>
    int FeatureCount { get; }

    /// <summary>ln r(x); −∞ where the estimate of r is zero, NaN where a feature is.</summary>
    /// <param name="x">[d].</param>
    double LogRatio(ReadOnlySpan<double> x);
}
