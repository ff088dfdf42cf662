namespace ProbML.GaussianProcesses;

/// <summary>How the posterior of a Gaussian process is computed, chosen apart from kernel and likelihood.</summary>
public abstract record GaussianProcessInference
{
    private protected GaussianProcessInference()
    {
    }

    /// <summary>One Cholesky factor of all rows: exact, O(n³) time and O(n²) memory. Rasmussen &amp; Williams (2006), alg. 2.1.</summary>
    public static GaussianProcessInference Exact { get; } = new ExactInference();

    /// <summary>A normal about the posterior mode, for any likelihood. Rasmussen &amp; Williams (2006), §3.4.</summary>
    public static GaussianProcessInference Laplace { get; } = new ApproximateInference(PosteriorApproximation.Laplace);

    /// <summary>Moments matched row by row, for log-concave likelihoods. Minka (2001); Rasmussen &amp; Williams (2006), §3.6.</summary>
    public static GaussianProcessInference ExpectationPropagation { get; } =
        new ApproximateInference(PosteriorApproximation.ExpectationPropagation);

    /// <summary>The normal closest in KL(q ‖ p), for log-concave likelihoods; a lower bound. Opper &amp; Archambeau (2009).</summary>
    public static GaussianProcessInference Variational { get; } = new ApproximateInference(PosteriorApproximation.Variational);
}

/// <summary>One Cholesky factor of all rows.</summary>
internal sealed record ExactInference : GaussianProcessInference;

/// <summary>A normal in place of the posterior under a likelihood that is not normal.</summary>
internal sealed record ApproximateInference(PosteriorApproximation Approximation) : GaussianProcessInference;
