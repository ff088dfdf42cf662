namespace ProbML;

/// <summary>What a hierarchical (mixed) regression is, and how it is fitted.</summary>
/// <remarks>E(Y) = g⁻¹(β₀ + xᵀβ + Σ z'b + offset), b ~ N(0, Σ) for each group of each factor; Var(Y) = φ V(μ) / w.</remarks>
public sealed record HierarchicalOptions
{
    /// <summary>The coefficients that differ between groups, a column of groups each; at least one.</summary>
    public IReadOnlyList<GroupEffect> Effects { get; init; } = [];

    /// <summary>The distribution of the response about its mean; null: Gaussian for regression, Bernoulli for two classes.</summary>
    public IFamily? Family { get; init; }

    /// <summary>The link g; null: the family's canonical (or usual) one.</summary>
    public ILinkFunction? Link { get; init; }

    /// <summary>Whether there is a common intercept β₀.</summary>
    public bool Intercept { get; init; } = true;

    /// <summary>How it is fitted; null: restricted likelihood for the Gaussian with the identity link, else Laplace.</summary>
    public HierarchicalInference? Inference { get; init; }

    /// <summary>NUTS: the priors of β. Likelihoods take none.</summary>
    public CoefficientPriors Priors { get; init; } = new();

    /// <summary>NUTS: the prior of each standard deviation of b, folded about zero; a normal or Student-t. Null: half-t of 3 degrees of
    /// freedom and scale 2.5 (Gaussian: 2.5 standard deviations of y; a slope's over its feature's standard deviation).</summary>
    public Prior? GroupScale { get; init; }

    /// <summary>NUTS: η of the LKJ prior of the correlations, p(R) ∝ |R|^(η−1); 1 is uniform. Lewandowski, Kurowicka &amp; Joe (2009).</summary>
    public double CorrelationShape { get; init; } = 1;

    /// <summary>NUTS: the prior of a free dispersion φ; null: half-Cauchy of √φ, its scale 2.5 (Gaussian: 2.5 standard deviations of y).</summary>
    public DispersionPrior? Dispersion { get; init; }

    /// <summary>The level of the intervals, in (0, 1).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>The most iterations of the search for the covariances.</summary>
    public int MaximumIterations { get; init; } = 200;

    /// <summary>The largest matrix of all factors' coefficients but the largest one's: several factors need memory of its square.</summary>
    public int LargestMatrix { get; init; } = 3000;

    /// <summary>The seed of draws; null: the host's, or a fixed one.</summary>
    public int? Seed { get; init; }

    /// <summary>How many threads share a pass over the data, or run chains; null: one a core. Results do not depend on it.</summary>
    public int? NumberOfThreads { get; init; }

    /// <summary>Checks what can be checked without data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; its name is the parameter's.</exception>
    /// <exception cref="ArgumentException">There are no effects, two for a column, one without coefficients, or the prior of a scale is none.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Effects);
        ArgumentNullException.ThrowIfNull(Priors);
        GlmOptions.Check(Level is > 0 and < 1, nameof(Level), Level, "must lie strictly between 0 and 1");
        GlmOptions.Check(MaximumIterations > 0, nameof(MaximumIterations), MaximumIterations, "must be positive");
        GlmOptions.Check(LargestMatrix > 0, nameof(LargestMatrix), LargestMatrix, "must be positive");
        GlmOptions.Check(NumberOfThreads is null or > 0, nameof(NumberOfThreads), NumberOfThreads, "must be positive");
        GlmOptions.Check(
            CorrelationShape > 0 && double.IsFinite(CorrelationShape), nameof(CorrelationShape), CorrelationShape, "must be positive and finite");
        if (Inference is QuadratureLikelihoodInference quadrature)
            GlmOptions.Check(quadrature.Nodes is >= 1 and <= 100, nameof(Inference), quadrature.Nodes, "nodes must be 1 to 100");
        (Inference as HierarchicalNutsInference)?.Options.Validate();
        if (Effects.Count == 0)
            throw new ArgumentException(
                "A hierarchical regression needs at least one GroupEffect, such as new GroupEffect(\"Subject\"). Without groups use Glm or "
                + "BayesianGlm.", nameof(Effects));
        if (Effects.CountBy(effect => effect.Group).FirstOrDefault(pair => pair.Value > 1).Key is { } twice)
            throw new ArgumentException(
                $"There are two effects for the groups of '{twice}'. Give one effect with all its slopes.", nameof(Effects));
        if (Effects.FirstOrDefault(effect => effect.Names.Count == 0) is { } empty)
            throw new ArgumentException($"The effect of '{empty.Group}' has neither an intercept nor slopes.", nameof(Effects));
        if (Inference is QuadratureLikelihoodInference && (Effects.Count > 1 || Effects[0].Names.Count > 1))
            throw new ArgumentException(
                "Quadrature is for one factor with one coefficient a group: its cost is exponential in their number. Choose "
                + "HierarchicalInference.Laplace or Nuts.", nameof(Effects));
        if (Priors.ByColumn.Values.Append(Priors.Default).Append(Priors.Intercept).Any(prior => prior is HorseshoePrior))
            throw new ArgumentException("Hierarchical regression takes no horseshoe prior. Choose a Student-t one, or BayesianGlm.", nameof(Priors));
        if (GroupScale is not (null or NormalPrior or StudentTPrior))
            throw new ArgumentException($"{GroupScale} is no prior of a standard deviation: choose normal(0,s) or student-t(df,0,s).", nameof(GroupScale));
    }
}
