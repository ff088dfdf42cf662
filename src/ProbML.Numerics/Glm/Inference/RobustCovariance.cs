using ProbML.Fitting;

namespace ProbML;

/// <summary>The heteroscedasticity-consistent covariances: how squared scores are corrected for the fit's own bending.</summary>
public enum RobustKind
{
    /// <summary>No correction. White (1980).</summary>
    HC0,

    /// <summary>Times n / (n − p). Hinkley (1977).</summary>
    HC1,

    /// <summary>Each squared score over 1 − h. Horn, Horn &amp; Duncan (1975).</summary>
    HC2,

    /// <summary>Each squared score over (1 − h)². Davidson &amp; MacKinnon (1993), near the jackknife.</summary>
    HC3,
}

/// <summary>How a cluster-robust covariance is corrected for few clusters.</summary>
public enum ClusterCorrection
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>G / (G − 1): Stata's for maximum likelihood.</summary>
    Groups,

    /// <summary>G / (G − 1) · (n − 1) / (n − p): Stata's for regression, statsmodels' for all models.</summary>
    GroupsAndRows,
}

/// <summary>A sandwich covariance, and the coefficient table that follows from it; made by <see cref="GlmRobust"/>.</summary>
public sealed class RobustCovariance
{
    internal RobustCovariance(
        string name, long? clusters, long degreesOfFreedom, double[] scaled, double[,] covariance, IReadOnlyList<GlmCoefficient> coefficients) =>
        (Name, Clusters, DegreesOfFreedom, Scaled, Covariance, Coefficients) =
            (name, clusters, degreesOfFreedom, scaled, covariance, coefficients);

    /// <summary>"HC0" to "HC3", or "cluster".</summary>
    public string Name { get; }

    /// <summary>G; null without clusters.</summary>
    public long? Clusters { get; }

    /// <summary>Of Student's t where the dispersion is estimated: n − p, with clusters G − 1.</summary>
    public long DegreesOfFreedom { get; }

    /// <summary>Of the estimated (not aliased) coefficients, [p, p].</summary>
    public double[,] Covariance { get; }

    /// <summary>
    /// The model's estimates with the standard errors of this covariance; z where the dispersion is known, t where it is
    /// estimated.
    /// </summary>
    public IReadOnlyList<GlmCoefficient> Coefficients { get; }

    /// <summary>The covariance of b at φ = 1, [q, q], in the coordinates of the fit.</summary>
    internal double[] Scaled { get; }

    /// <summary>What a model keeps of it.</summary>
    /// <exception cref="ArgumentException">It is not of a model with these estimates.</exception>
    internal RobustPart For(IReadOnlyList<GlmCoefficient> coefficients, double[] modelCovariance) =>
        Scaled.Length == modelCovariance.Length
            && coefficients.Select(c => c.Estimate).SequenceEqual(Coefficients.Select(c => c.Estimate))
            ? new RobustPart(Name, Clusters, DegreesOfFreedom, modelCovariance)
            : throw new ArgumentException("The covariance is of another model: take it from GlmRobust for this one.", nameof(coefficients));
}
