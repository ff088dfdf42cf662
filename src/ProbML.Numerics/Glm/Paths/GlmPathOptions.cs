namespace ProbML;

/// <summary>A path of penalties, and how one of them is chosen.</summary>
/// <remarks>
/// At each λ the path minimises −Σ ln p(yᵢ; μᵢ) / W + λ Σ (α |βⱼ| + ½ (1 − α) βⱼ²) with W = Σw (the number of rows where there
/// are no weights), the likelihood at φ = 1, the intercept free: in terms of <see cref="GlmOptions"/> L1 = W λ α and
/// L2 = W λ (1 − α). That is glmnet's objective; but for the Gaussian family glmnet scales the response to unit variance s²
/// first, so that its ridge part is ours divided by s. Friedman, Hastie &amp; Tibshirani (2010), §2.
/// </remarks>
public sealed record GlmPathOptions
{
    /// <summary>α in [0, 1]: 1 the lasso, 0 ridge regression, between them the elastic net.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>The values of λ, ≥ 0, in any order; null: a geometric sequence down from the smallest λ without coefficients.</summary>
    public IReadOnlyList<double>? Lambdas { get; init; }

    /// <summary>How many values of λ, where they are not given.</summary>
    public int LambdaCount { get; init; } = 100;

    /// <summary>The last λ as a share of the first; null: 1e-4 where there are more rows than features, else 1e-2.</summary>
    public double? LambdaRatio { get; init; }

    /// <summary>
    /// Whether the penalty covers coefficients of columns divided by their standard deviation (glmnet's default) instead of
    /// those of the columns as they are. The coefficients told are always those of the columns as they are.
    /// </summary>
    public bool Standardize { get; init; }

    /// <summary>
    /// Whether a sequence that is not given ends early, once a λ explains 99.9 % of the deviance or a 1e-5th more, relatively,
    /// than the λ before it (glmnet's <c>devmax</c> and <c>fdev</c>), but not before the fifth.
    /// </summary>
    public bool StopEarly { get; init; } = true;

    /// <summary>The number of folds of cross-validation, ≥ 2; null: none, and no λ is chosen.</summary>
    public int? Folds { get; init; } = 10;

    /// <summary>The seed of the folds; null: the monitor's, else a fixed one.</summary>
    public int? Seed { get; init; }

    /// <summary>Which λ cross-validation chooses.</summary>
    public LambdaRule Rule { get; init; } = LambdaRule.OneStandardError;

    /// <summary>
    /// A λ is done when the next step would be shorter than this times √(null deviance), in standard errors at φ = 1.
    /// </summary>
    public double Tolerance { get; init; } = 1e-7;

    /// <summary>Checks what can be checked without data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; its name is the parameter's.</exception>
    public void Validate()
    {
        Check(Alpha is >= 0 and <= 1, nameof(Alpha), Alpha, "must lie between 0 and 1");
        Check(Lambdas is null or { Count: > 0 }, nameof(Lambdas), Lambdas?.Count, "must hold one value at least");
        foreach (double lambda in Lambdas ?? [])
            Check(lambda >= 0 && double.IsFinite(lambda), nameof(Lambdas), lambda, "must be ≥ 0 and finite");
        Check(LambdaCount > 0, nameof(LambdaCount), LambdaCount, "must be positive");
        Check(LambdaRatio is null or (> 0 and < 1), nameof(LambdaRatio), LambdaRatio, "must lie strictly between 0 and 1");
        Check(Folds is null or >= 2, nameof(Folds), Folds, "must be 2 or more, or null for no cross-validation");
        Check(Enum.IsDefined(Rule), nameof(Rule), Rule, "must be Minimum or OneStandardError");
        Check(Tolerance is > 0 and < 1, nameof(Tolerance), Tolerance, "must lie strictly between 0 and 1");
    }

    private static void Check(bool condition, string name, object? value, string rule)
    {
        if (!condition)
            throw new ArgumentOutOfRangeException(name, value, $"{name} {rule}.");
    }
}

/// <summary>Which λ of a cross-validated path is chosen.</summary>
public enum LambdaRule
{
    /// <summary>The λ of the smallest mean deviance of rows held out.</summary>
    Minimum,

    /// <summary>The largest λ whose mean deviance is within one standard error of the smallest.</summary>
    OneStandardError,
}
