namespace ProbML;

/// <summary>What a Bayesian generalized linear model is, and how its posterior is found: three choices, each on its own.</summary>
/// <remarks>
/// The model: E(Y) = g⁻¹(β₀ + xᵀβ + offset), Var(Y) = φ V(μ) / w, with priors on β and φ. The principle and the algorithm:
/// <see cref="Inference"/>.
/// </remarks>
public sealed record BayesianGlmOptions
{
    /// <summary>The distribution of the response about its mean; null: Gaussian for regression, Bernoulli for two classes.</summary>
    public IFamily? Family { get; init; }

    /// <summary>The link g; null: the family's canonical (or usual) one.</summary>
    public ILinkFunction? Link { get; init; }

    /// <summary>Whether there is an intercept β₀.</summary>
    public bool Intercept { get; init; } = true;

    /// <summary>The priors of the coefficients.</summary>
    public CoefficientPriors Priors { get; init; } = new();

    /// <summary>
    /// The prior of a free dispersion φ; null: half-Cauchy of √φ, its scale 2.5 (Gaussian: 2.5 standard deviations of y).
    /// </summary>
    public DispersionPrior? Dispersion { get; init; }

    /// <summary>How the posterior is found.</summary>
    public Inference Inference { get; init; } = Inference.Laplace;

    /// <summary>The level of the intervals, in (0, 1).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>The most iterations of Newton's method, of fixed points and of expectation propagation.</summary>
    public int MaximumIterations { get; init; } = 5000;

    /// <summary>The seed of draws; null: the host's, or a fixed one.</summary>
    public int? Seed { get; init; }

    /// <summary>How many threads share a pass over the data, or run chains; null: one a core. Results do not depend on it.</summary>
    public int? NumberOfThreads { get; init; }

    /// <summary>Checks what can be checked without data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; its name is the parameter's.</exception>
    /// <exception cref="ArgumentException">A prior does not go with the inference.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Priors);
        ArgumentNullException.ThrowIfNull(Inference);
        GlmOptions.Check(Level is > 0 and < 1, nameof(Level), Level, "must lie strictly between 0 and 1");
        GlmOptions.Check(MaximumIterations > 0, nameof(MaximumIterations), MaximumIterations, "must be positive");
        GlmOptions.Check(NumberOfThreads is null or > 0, nameof(NumberOfThreads), NumberOfThreads, "must be positive");
        (Inference as NutsInference)?.Options.Validate();
        (Inference as VariationalInference)?.Options.Validate();
        (Inference as FlowInference)?.Options.Validate();
        if (Priors.Joint is not null || Inference is NutsInference or VariationalInference or FlowInference)
            return;
        foreach (var prior in Priors.ByColumn.Values.Append(Priors.Default).Append(Priors.Intercept))
        {
            if (!prior.IsSmooth)
                throw new ArgumentException(
                    $"The density of {prior} has an edge or a pole, so that its mode has no curvature. Choose Inference.Nuts, "
                    + "Inference.Variational or Inference.NormalizingFlow with this prior (or the L1 penalty of Glm for the mode alone).", nameof(Priors));
            if (Inference is ExpectationPropagationInference && prior is not (NormalPrior or FlatPrior))
                throw new ArgumentException(
                    $"Expectation propagation takes normal or flat priors, not {prior}. Choose another inference.", nameof(Priors));
        }
    }
}
