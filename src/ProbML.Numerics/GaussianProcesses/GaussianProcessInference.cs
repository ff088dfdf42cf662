namespace ProbML.GaussianProcesses;

/// <summary>How the posterior of a Gaussian process is computed, chosen apart from kernel and likelihood.</summary>
public abstract record GaussianProcessInference
{
    private protected GaussianProcessInference()
    {
    }

    /// <summary>One Cholesky factor of all rows: exact, O(n³) time and O(n²) memory. Rasmussen &amp; Williams (2006), alg. 2.1.</summary>
    public static GaussianProcessInference Exact { get; } = new ExactInference();
}

/// <summary>One Cholesky factor of all rows.</summary>
internal sealed record ExactInference : GaussianProcessInference;
