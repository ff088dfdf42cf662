namespace ProbML;

/// <summary>What an ordinal (cumulative link) model is, and how it is fitted.</summary>
/// <remarks>
/// P(y ≤ j) = F(τⱼ − xᵀβ − offset), τ₁ &lt; τ₂ &lt; …, F the inverse of the link. The principle: minimise −Σ w ln P(y)
/// + ½ <see cref="L2"/> Σ βⱼ² over the columns as they are; the thresholds, which play the intercept, are free.
/// </remarks>
public sealed record OrdinalOptions
{
    /// <summary>The link: logit (proportional odds), probit, cloglog (proportional hazards) or loglog.</summary>
    public ILinkFunction Link { get; init; } = Links.Logit;

    /// <summary>The weight of ½ Σβ², ≥ 0: the precision of a normal prior on each coefficient.</summary>
    public double L2 { get; init; }

    /// <summary>The level of the intervals, in (0, 1).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>
    /// Converged is when objective and coefficients change by less, relative to their sizes and standard errors.
    /// </summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>The most iterations.</summary>
    public int MaximumIterations { get; init; } = 200;

    /// <summary>
    /// How many threads share a pass over the data; null: one a core. The result is the same to the last bit.
    /// </summary>
    public int? NumberOfThreads { get; init; }

    /// <summary>Checks what can be checked without data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; its name is the parameter's.</exception>
    public void Validate()
    {
        if (Link is not (LogitLink or ProbitLink or ComplementaryLogLogLink or LogLogLink))
            throw new ArgumentOutOfRangeException(
                nameof(Link), Link?.Name, "Link must be one of logit, probit, cloglog and loglog: their likelihood has one maximum.");
        Common.Validate();
    }

    internal GlmOptions Common => new()
    {
        L2 = L2,
        Level = Level,
        Tolerance = Tolerance,
        MaximumIterations = MaximumIterations,
        NumberOfThreads = NumberOfThreads,
    };
}
