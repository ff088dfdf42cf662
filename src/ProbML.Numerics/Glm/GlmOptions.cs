namespace ProbML;

/// <summary>What a generalized linear model is, and how it is fitted.</summary>
/// <remarks>
/// The model: E(Y) = g⁻¹(η), η = β₀ + xᵀβ + offset, Var(Y) = φ V(μ) / w. The principle: minimise
/// −Σ ln p(yᵢ; μᵢ) + ½ <see cref="L2"/> Σ βⱼ² + <see cref="L1"/> Σ |βⱼ| at φ = 1 (for the Gaussian family half the residual
/// sum of squares plus the penalties), over the columns as they are, unscaled; with L1 = 0 that is the posterior mode under
/// independent normal priors of variance 1/L2. The algorithm: Fisher scoring, then Newton's method.
/// </remarks>
public sealed record GlmOptions
{
    /// <summary>The distribution of the response about its mean; null: Gaussian for regression, Bernoulli for two classes.</summary>
    public IFamily? Family { get; init; }

    /// <summary>The link g; null: the family's canonical (or usual) one.</summary>
    public ILinkFunction? Link { get; init; }

    /// <summary>Whether there is an intercept β₀.</summary>
    public bool Intercept { get; init; } = true;

    /// <summary>The weight of Σ|βⱼ|, ≥ 0 (glmnet's λ n α).</summary>
    public double L1 { get; init; }

    /// <summary>The weight of ½ Σβⱼ², ≥ 0: the precision of a normal prior on each coefficient.</summary>
    public double L2 { get; init; }

    /// <summary>Whether the penalties cover the intercept too.</summary>
    public bool PenaliseIntercept { get; init; }

    /// <summary>How a free dispersion is found; it scales standard errors, tests and intervals.</summary>
    public GlmDispersion Dispersion { get; init; } = GlmDispersion.Pearson;

    /// <summary>The level of the intervals, in (0, 1).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>The most iterations.</summary>
    public int MaximumIterations { get; init; } = 200;

    /// <summary>
    /// Converged is when both the objective changes by less, relatively, and each coefficient by less than this much of its
    /// size or standard error.
    /// </summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>How many threads share a pass over the data; null: one a core. The result is the same to the last bit.</summary>
    public int? NumberOfThreads { get; init; }

    /// <summary>
    /// The most columns of a dense matrix over coefficients, which takes 8 bytes times their square (8192: half a gigabyte).
    /// Dense features beyond it are refused; sparse ones whose factored information would take more are fitted by L-BFGS,
    /// without standard errors, as a warning then says.
    /// </summary>
    public int LargestMatrix { get; init; } = 8192;

    /// <summary>Whether any coefficient is penalised.</summary>
    public bool IsPenalised => L1 > 0 || L2 > 0;

    /// <summary>Checks what can be checked without data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; its name is the parameter's.</exception>
    public void Validate()
    {
        Check(L1 >= 0 && double.IsFinite(L1), nameof(L1), L1, "must be ≥ 0 and finite");
        Check(L2 >= 0 && double.IsFinite(L2), nameof(L2), L2, "must be ≥ 0 and finite");
        Check(Level is > 0 and < 1, nameof(Level), Level, "must lie strictly between 0 and 1");
        Check(MaximumIterations > 0, nameof(MaximumIterations), MaximumIterations, "must be positive");
        Check(Tolerance is > 0 and < 1, nameof(Tolerance), Tolerance, "must lie strictly between 0 and 1");
        Check(LargestMatrix is > 0 and <= 46_340, nameof(LargestMatrix), LargestMatrix, "must lie between 1 and 46340");
        Check(NumberOfThreads is null or > 0, nameof(NumberOfThreads), NumberOfThreads, "must be positive");
    }

    /// <exception cref="InvalidOperationException">Dense matrices of so many features would be larger than is allowed.</exception>
    internal void CheckWidth(int featureCount)
    {
        int width = featureCount + (Intercept ? 1 : 0);
        if (width > LargestMatrix)
            throw new InvalidOperationException(
                $"{width} coefficients need matrices of {8.0 * width * width / 1e6:F0} MB, more than LargestMatrix = {LargestMatrix} "
                + "allows. Give fewer features, raise LargestMatrix, or fit a GLM without L1 penalty to a sparse vector: it needs none.");
    }

    internal static void Check(bool condition, string name, object? value, string rule)
    {
        if (!condition)
            throw new ArgumentOutOfRangeException(name, value, $"{name} {rule}.");
    }
}
