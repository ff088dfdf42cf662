namespace ProbML;

/// <summary>A coefficient of a generalized linear model, with what is known of its size.</summary>
/// <param name="Name">The feature's name; "(Intercept)" for the intercept.</param>
/// <param name="Estimate">β̂; NaN where the coefficient is aliased.</param>
/// <param name="StandardError">The root of the covariance's diagonal.</param>
/// <param name="Statistic">β̂ / standard error: z where the dispersion is known, t with the residual degrees of freedom otherwise.</param>
/// <param name="PValue">P(|Z| ≥ |statistic|) were β zero.</param>
/// <param name="Lower">The lower end of the Wald interval.</param>
/// <param name="Upper">The upper end of the Wald interval.</param>
/// <param name="Aliasing">
/// Null for an estimated coefficient; for an aliased one, how its column is made of columns before it.
/// </param>
public sealed record GlmCoefficient(
    string Name,
    double Estimate,
    double StandardError,
    double Statistic,
    double PValue,
    double Lower,
    double Upper,
    string? Aliasing = null)
{
    /// <summary>Whether the column depends on columns before it, so that its coefficient cannot be estimated.</summary>
    public bool IsAliased => Aliasing is not null;
}
