namespace ProbML;

/// <summary>How a density ratio is estimated by telling two samples apart.</summary>
/// <remarks>
/// The model is r(x) ∝ Σₖ exp(wₖᵀφ(z)), z the standardised features: with one component logistic regression on φ, with K the
/// ratio of a mixture of K normals to one. What is null is chosen by held-out log loss.
/// </remarks>
public sealed record DensityRatioOptions
{
    /// <summary>The functions φ; null: chosen among those of at most <see cref="MaximumTerms"/> terms.</summary>
    public RatioShape? Shape { get; init; }

    /// <summary>K; null: 1, 2 or 3, as held-out rows say, where the data are small enough to try (rows × terms ≤ 4,000,000).</summary>
    public int? Components { get; init; }

    /// <summary>The weight of ½ Σw², the intercepts left out; null: 1, 10 or 100, as held-out rows say.</summary>
    public double? L2 { get; init; }

    /// <summary>
    /// How many models share the rows: those that were fitted to are scored by the one that did not see them. 0: none are left
    /// out, and a row's ratio is flattered by itself.
    /// </summary>
    public int Folds { get; init; } = 5;

    /// <summary>τ, beyond which weights are cut; null: √n times their mean, n the denominator's rows.</summary>
    /// <remarks>Ionides (2008), Truncated importance sampling, for √n.</remarks>
    public double? MaximumRatio { get; init; }

    /// <summary>The most terms that a shape may have to be tried.</summary>
    public int MaximumTerms { get; init; } = 600;

    /// <summary>Deals rows to folds, and starts components; null: the context's.</summary>
    public int? Seed { get; init; }

    /// <summary>How many threads share a pass over the data; null: one a core. The result is the same to the last bit.</summary>
    public int? NumberOfThreads { get; init; }

    /// <summary>Checks what can be checked without data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; its name is the parameter's.</exception>
    public void Validate()
    {
        Check(Shape is not { } shape || Enum.IsDefined(shape), nameof(Shape), Shape, "is no such shape");
        Check(Components is null or (>= 1 and <= 100), nameof(Components), Components, "must lie between 1 and 100");
        Check(L2 is null or (>= 0 and < double.PositiveInfinity), nameof(L2), L2, "must be ≥ 0 and finite");
        Check(Folds is 0 or (>= 2 and <= 100), nameof(Folds), Folds, "must be 0, or lie between 2 and 100");
        Check(MaximumRatio is null or > 0, nameof(MaximumRatio), MaximumRatio, "must be positive");
        Check(MaximumTerms > 0, nameof(MaximumTerms), MaximumTerms, "must be positive");
        Check(NumberOfThreads is null or > 0, nameof(NumberOfThreads), NumberOfThreads, "must be positive");
    }

    private static void Check(bool condition, string name, object? value, string rule) =>
        GlmOptions.Check(condition, name, value, rule);
}
