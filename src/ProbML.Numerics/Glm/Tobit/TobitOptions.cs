namespace ProbML;

/// <summary>What a Tobit (censored normal) model is, and how it is fitted.</summary>
/// <remarks>
/// A latent response Y* ~ N(η, σ²), η = β₀ + xᵀβ + offset, is seen as Y = min(max(Y*, <see cref="Lower"/>),
/// <see cref="Upper"/>). The principle: minimise −Σ w ln p(y) + ½ <see cref="L2"/> Σ βⱼ², the probability of its limit
/// standing for the density of a censored row, over the columns as they are; σ is estimated. A weight multiplies its
/// row's log-likelihood.
/// </remarks>
public sealed record TobitOptions
{
    /// <summary>The limit that responses do not fall below; null: none.</summary>
    public double? Lower { get; init; } = 0;

    /// <summary>The limit that responses do not rise above; null: none.</summary>
    public double? Upper { get; init; }

    /// <summary>The weight of ½ Σβ², ≥ 0; the posterior mode it gives is that at σ as estimated with it.</summary>
    public double L2 { get; init; }

    /// <summary>Whether the penalty covers the intercept too.</summary>
    public bool PenaliseIntercept { get; init; }

    /// <summary>Whether there is an intercept.</summary>
    public bool Intercept { get; init; } = true;

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
        GlmOptions.Check(Lower is null || double.IsFinite(Lower.Value), nameof(Lower), Lower, "must be finite, or null for no limit");
        GlmOptions.Check(Upper is null || double.IsFinite(Upper.Value), nameof(Upper), Upper, "must be finite, or null for no limit");
        GlmOptions.Check(
            Lower is not null || Upper is not null, nameof(Lower), Lower,
            "and Upper are both null: without a limit use a linear regression");
        GlmOptions.Check(!(Lower >= Upper), nameof(Lower), Lower, $"must be below Upper, which is {Upper}");
        Common.Validate();
    }

    internal GlmOptions Common => new()
    {
        L2 = L2,
        PenaliseIntercept = PenaliseIntercept,
        Intercept = Intercept,
        Level = Level,
        Tolerance = Tolerance,
        MaximumIterations = MaximumIterations,
        NumberOfThreads = NumberOfThreads,
    };
}
