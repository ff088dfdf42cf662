namespace ProbML;

/// <summary>What a Bayesian linear regression is, and how it is fitted.</summary>
public sealed record BayesianLinearOptions
{
    /// <summary>How the noise and the coefficients' scale are treated; by maximum evidence.</summary>
    public LinearInference Inference { get; init; } = LinearInference.Evidence();

    /// <summary>Normal or flat priors, for known noise and normal-inverse-gamma; null: the usual ones.</summary>
    /// <remarks>The evidence chooses its own: there they must be null.</remarks>
    public CoefficientPriors? Priors { get; init; }

    /// <summary>Whether there is an intercept β₀.</summary>
    public bool Intercept { get; init; } = true;

    /// <summary>The level of the intervals, in (0, 1).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>The most sweeps of automatic relevance determination.</summary>
    public int MaximumIterations { get; init; } = 5000;

    /// <summary>Sweeps end when no ln αⱼ changes by more.</summary>
    public double Tolerance { get; init; } = 1e-9;

    /// <summary>How many threads share the pass over the data; null: one a core. The result is the same to the last bit.</summary>
    public int? NumberOfThreads { get; init; }

    /// <summary>Whether the inference is automatic relevance determination.</summary>
    public bool IsRelevance => Inference is EvidenceInference { Relevance: true };

    /// <summary>Checks what can be checked without data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; its name is the parameter's.</exception>
    /// <exception cref="ArgumentException">A prior does not go with the inference.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Inference);
        GlmOptions.Check(Level is > 0 and < 1, nameof(Level), Level, "must lie strictly between 0 and 1");
        GlmOptions.Check(MaximumIterations > 0, nameof(MaximumIterations), MaximumIterations, "must be positive");
        GlmOptions.Check(Tolerance is > 0 and < 1, nameof(Tolerance), Tolerance, "must lie strictly between 0 and 1");
        GlmOptions.Check(NumberOfThreads is null or > 0, nameof(NumberOfThreads), NumberOfThreads, "must be positive");
        if (Priors is null)
            return;
        if (Inference is EvidenceInference)
            throw new ArgumentException(
                "The evidence chooses the priors' precision itself. Leave Priors out, or choose LinearInference.KnownNoise or "
                + "NormalInverseGamma.", nameof(Priors));
        if (Priors.Joint is not null)
            return;
        foreach (var prior in Priors.ByColumn.Values.Append(Priors.Default).Append(Priors.Intercept))
        {
            if (prior is not (NormalPrior or FlatPrior))
                throw new ArgumentException(
                    $"The conjugate priors of linear regression are normal or flat, not {prior}. Use BayesianGlm with the "
                    + "Gaussian family for others.", nameof(Priors));
        }
    }
}
