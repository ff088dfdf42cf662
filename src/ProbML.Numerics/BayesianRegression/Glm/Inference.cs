namespace ProbML;

/// <summary>How the posterior of a Bayesian GLM is found: a principle with its algorithm, chosen apart from the model.</summary>
public abstract record Inference
{
    /// <summary>The posterior mode alone, by Newton's method; predictions do not know how uncertain it is.</summary>
    public static Inference Map { get; } = new MapInference();

    /// <summary>A normal about the mode with the inverse Hessian as covariance. Tierney &amp; Kadane (1986), JASA 81.</summary>
    public static Inference Laplace { get; } = new LaplaceInference();

    /// <summary>One normal site a row, moments matched. Minka (2001); Rasmussen &amp; Williams (2006), §3.6.</summary>
    public static Inference ExpectationPropagation { get; } = new ExpectationPropagationInference();

    /// <summary>The normal, of any covariance, closest to the posterior in KL(q ‖ p). Opper &amp; Archambeau (2009).</summary>
    public static Inference Variational(VariationalOptions? options = null) => new VariationalInference(true, options ?? new());

    /// <summary>The normal of independent coefficients closest to the posterior in KL(q ‖ p).</summary>
    public static Inference MeanField(VariationalOptions? options = null) => new VariationalInference(false, options ?? new());

    /// <summary>
    /// What a normalizing flow makes of a normal, closest to the posterior in KL(q ‖ p): skewed and bent posteriors. Rezende &amp;
    /// Mohamed (2015).
    /// </summary>
    public static Inference NormalizingFlow(FlowVariationalOptions? options = null) => new FlowInference(options ?? new());

    /// <summary>Draws by the no-U-turn sampler. Hoffman &amp; Gelman (2014); Betancourt (2017).</summary>
    public static Inference Nuts(NutsOptions? options = null) => new NutsInference(options ?? new());
}

/// <summary>The mode.</summary>
internal sealed record MapInference : Inference;

/// <summary>The normal about the mode.</summary>
internal sealed record LaplaceInference : Inference;

/// <summary>Matched moments.</summary>
internal sealed record ExpectationPropagationInference : Inference;

/// <summary>The closest normal.</summary>
internal sealed record VariationalInference(bool FullRank, VariationalOptions Options) : Inference;

/// <summary>What a flow makes of the closest normal.</summary>
internal sealed record FlowInference(FlowVariationalOptions Options) : Inference;

/// <summary>Draws.</summary>
internal sealed record NutsInference(NutsOptions Options) : Inference;
