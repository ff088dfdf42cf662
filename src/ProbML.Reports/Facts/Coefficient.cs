namespace ProbML.Reports.Facts;

/// <summary>A coefficient of any model: what it is, how sure that is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Estimate">The estimate, or the posterior mean.</param>
/// <param name="Spread">Its standard error, or posterior standard deviation.</param>
/// <param name="Lower">The lower end of its interval.</param>
/// <param name="Upper">The upper end.</param>
/// <param name="PValue">That it is zero; NaN: none is told.</param>
/// <param name="Note">Why it was not estimated; null: it was.</param>
internal sealed record Coefficient(
    string Name, double Estimate, double Spread, double Lower, double Upper, double PValue = double.NaN, string? Note = null)
{
    public bool IsDrawn => Note is null && double.IsFinite(Estimate) && double.IsFinite(Lower) && double.IsFinite(Upper);

    /// <summary>How far it is from zero, in its own spread.</summary>
    public double Strength => Spread > 0 ? Math.Abs(Estimate / Spread) : double.IsFinite(Estimate) && Estimate != 0 ? double.MaxValue : 0;

    public static Coefficient Of(GlmCoefficient c) => new(
        c.Name, c.Estimate, c.StandardError, c.Lower, c.Upper, c.PValue, c.IsAliased ? c.Aliasing ?? "cannot be estimated" : null);

    public static Coefficient Of(BayesianCoefficient c) => new(
        c.Name, c.Mean, c.StandardDeviation, c.LowerBound, c.UpperBound, double.NaN, c.IsPruned ? "left out" : null);
}
