namespace ProbML;

/// <summary>How the coefficients of a multinomial model are identified.</summary>
/// <remarks>The values are part of the file format.</remarks>
public enum MultinomialCoding
{
    /// <summary>One vector a class after the first, whose linear predictor is zero: ln p(k)/p(first) = η(k).</summary>
    Reference = 0,

    /// <summary>
    /// One vector a class. Without a penalty the vectors add up to zero; with one the penalty covers every class alike,
    /// as in glmnet and scikit-learn, and intercepts that are free of it add up to zero.
    /// </summary>
    Symmetric = 1,
}

/// <summary>What a multinomial (softmax) model is, and how it is fitted.</summary>
/// <remarks>
/// P(y = k) = exp(ηₖ) / Σⱼ exp(ηⱼ), ηₖ = β₀ₖ + xᵀβₖ. The principle: minimise −Σ w ln P(y) + ½ <see cref="L2"/> Σ βₖⱼ²
/// over the columns as they are, unscaled. The penalised answer depends on the <see cref="Coding"/>.
/// </remarks>
public sealed record MultinomialOptions
{
    /// <summary>How the coefficients are identified, and what the penalty covers.</summary>
    public MultinomialCoding Coding { get; init; }

    /// <summary>The weight of ½ Σβ², ≥ 0: the precision of a normal prior on each coefficient.</summary>
    public double L2 { get; init; }

    /// <summary>Whether the penalty covers the intercepts too.</summary>
    public bool PenaliseIntercept { get; init; }

    /// <summary>Whether there are intercepts.</summary>
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
        if (!Enum.IsDefined(Coding))
            throw new ArgumentOutOfRangeException(nameof(Coding), Coding, "Coding must be Reference or Symmetric.");
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
