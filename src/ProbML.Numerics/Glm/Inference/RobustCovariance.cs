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

/// <summary>A sandwich covariance, and the coefficient table that follows from it.</summary>
/// <param name="Name">"HC0" to "HC3", or "cluster".</param>
/// <param name="Covariance">Of the estimated (not aliased) coefficients, [p, p].</param>
/// <param name="Coefficients">
/// The model's estimates with the standard errors of this covariance; z where the dispersion is known, t with n − p degrees of
/// freedom (clusters: G − 1) where it is estimated.
/// </param>
/// <param name="Clusters">G; null without clusters.</param>
public sealed record RobustCovariance(
    string Name, double[,] Covariance, IReadOnlyList<GlmCoefficient> Coefficients, long? Clusters);
