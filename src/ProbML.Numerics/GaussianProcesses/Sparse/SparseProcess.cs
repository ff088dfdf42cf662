namespace ProbML.GaussianProcesses;

/// <summary>A Gaussian process seen through m inducing inputs Z: y = m + f(x) + e, f ~ GP(0, k), e ~ N(0, σ²), u = f(Z).</summary>
/// <remarks>
/// With Q = K_nm K_mm⁻¹ K_mn. Quiñonero-Candela &amp; Rasmussen (2005). A jitter makes u = f(Z) + ε, so that Titsias' bound
/// remains a bound.
/// </remarks>
public sealed record SparseProcess
{
    private readonly double noiseVariance = 1;
    private readonly double jitter;

    /// <summary>k.</summary>
    public required Kernel Kernel { get; init; }

    /// <summary>Z, [m, d].</summary>
    public required InputColumns InducingInputs { get; init; }

    /// <summary>σ² &gt; 0: without noise no row could be summed up by others.</summary>
    public double NoiseVariance
    {
        get => noiseVariance;
        init => noiseVariance = value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(NoiseVariance), value, "A sparse Gaussian process needs a noise variance above zero; use exact inference without noise.");
    }

    /// <summary>m, the constant mean.</summary>
    public double MeanConstant { get; init; }

    /// <summary>How the rest of the covariance, K_nn − Q, is dealt with.</summary>
    public SparseApproximation Approximation { get; init; } = SparseApproximation.Variational;

    /// <summary>What is added to the diagonal of K_mm, as a part of its mean.</summary>
    public double Jitter
    {
        get => jitter;
        init => jitter = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Jitter), value, "A jitter must not be negative.");
    }
}

/// <summary>How a sparse approximation deals with what the inducing variables leave unexplained.</summary>
public enum SparseApproximation
{
    /// <summary>Titsias' variational bound, ln N(y | m, Q + σ²I) − tr(K − Q)/(2σ²). Titsias (2009).</summary>
    Variational,

    /// <summary>Fully independent training conditional, ln N(y | m, Q + diag(K − Q) + σ²I): no bound. Snelson &amp; Ghahramani (2006).</summary>
    Fitc,
}
