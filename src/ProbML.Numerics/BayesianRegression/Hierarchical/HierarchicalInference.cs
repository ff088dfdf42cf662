namespace ProbML;

/// <summary>How a hierarchical regression is fitted: a principle with its algorithm, chosen apart from the model.</summary>
public abstract record HierarchicalInference
{
    /// <summary>
    /// Gaussian: covariances that maximise the restricted likelihood, ∫ p(y given β, b) p(b) db dβ. Patterson &amp; Thompson (1971).
    /// </summary>
    public static HierarchicalInference RestrictedLikelihood { get; } = new RestrictedLikelihoodInference();

    /// <summary>
    /// Coefficients and covariances that maximise the marginal likelihood ∫ p(y given β, b) p(b) db: exact for the Gaussian, by Laplace's
    /// approximation for others. Breslow &amp; Clayton (1993), JASA 88; Bates et al. (2015), J. Stat. Softw. 67.
    /// </summary>
    public static HierarchicalInference Laplace { get; } = new LaplaceLikelihoodInference();

    /// <summary>
    /// The same, the integral by adaptive Gauss–Hermite quadrature: for one factor with one coefficient a group. Pinheiro &amp; Bates (1995),
    /// J. Comput. Graph. Stat. 4.
    /// </summary>
    /// <param name="nodes">The nodes, 1 (Laplace) to 100.</param>
    public static HierarchicalInference Quadrature(int nodes) => new QuadratureLikelihoodInference(nodes);

    /// <summary>Draws of everything by the no-U-turn sampler, b = σ L z with z ~ N(0, I): the non-centred form.</summary>
    /// <remarks>Betancourt &amp; Girolami (2015), Hamiltonian Monte Carlo for hierarchical models.</remarks>
    public static HierarchicalInference Nuts(NutsOptions? options = null) => new HierarchicalNutsInference(options ?? new());

    /// <summary>Its name, as the command line and saved models have it: "reml", "laplace", "quadrature", "nuts".</summary>
    public abstract string Name { get; }
}

/// <summary>REML.</summary>
internal sealed record RestrictedLikelihoodInference : HierarchicalInference
{
    public override string Name => "reml";
}

/// <summary>Maximum likelihood.</summary>
internal sealed record LaplaceLikelihoodInference : HierarchicalInference
{
    public override string Name => "laplace";
}

/// <summary>Maximum likelihood by quadrature.</summary>
internal sealed record QuadratureLikelihoodInference(int Nodes) : HierarchicalInference
{
    public override string Name => "quadrature";
}

/// <summary>Draws.</summary>
internal sealed record HierarchicalNutsInference(NutsOptions Options) : HierarchicalInference
{
    public override string Name => "nuts";
}
