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

    /// <summary>
    /// The normal closest in KL(q ‖ p), for log-concave likelihoods and noise that changes; a lower bound. Opper &amp; Archambeau (2009);
    /// Lázaro-Gredilla &amp; Titsias (2011).
    /// </summary>
    public static GaussianProcessInference Variational { get; } = new ApproximateInference(PosteriorApproximation.Variational);

    /// <summary>Checks its own options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range.</exception>
    internal virtual void Validate()
    {
    }

    /// <summary>Why it does not go with a likelihood; null: it does. Most are for normal noise alone.</summary>
    internal virtual string? Fault(GaussianProcessLikelihood likelihood) =>
        likelihood is LatentLikelihood or HeteroscedasticLikelihood ? DoesNotGo(likelihood) : null;

    /// <summary>Fits hyperparameters and posterior of a real response to rows.</summary>
    internal virtual GaussianProcessFit Fit(Design design, GaussianProcessOptions options, TrainingMonitor monitor) =>
        throw new NotSupportedException($"{this} does not fit {options.Likelihood}. Choose GaussianProcessInference.Exact.");

    private protected string DoesNotGo(GaussianProcessLikelihood likelihood) =>
        $"The inference {this} does not go with the likelihood {likelihood}: leave it out.";
}

/// <summary>One Cholesky factor of all rows.</summary>
internal sealed record ExactInference : GaussianProcessInference
{
    internal override GaussianProcessFit Fit(Design design, GaussianProcessOptions options, TrainingMonitor monitor) =>
        ExactFit.Run(design, options, monitor);

    public override string ToString() => "exact";
}

/// <summary>A normal in place of the posterior under a likelihood that is not normal.</summary>
internal sealed record ApproximateInference(PosteriorApproximation Approximation) : GaussianProcessInference
{
    internal override string? Fault(GaussianProcessLikelihood likelihood) => likelihood switch
    {
        LatentLikelihood { IsLogConcave: false } when Approximation != PosteriorApproximation.Laplace =>
            $"The likelihood {likelihood} is not log-concave: choose GaussianProcessInference.Laplace, or StochasticVariationalInference.",
        LatentLikelihood => null,
        HeteroscedasticLikelihood when Approximation == PosteriorApproximation.Variational => null,
        _ => DoesNotGo(likelihood),
    };

    internal override GaussianProcessFit Fit(Design design, GaussianProcessOptions options, TrainingMonitor monitor) =>
        options.Likelihood is HeteroscedasticLikelihood
            ? HeteroscedasticFit.Run(design, options, monitor)
            : ApproximateFit.Run(design, options, Approximation, monitor);

    public override string ToString() => Approximation switch
    {
        PosteriorApproximation.Laplace => "laplace",
        PosteriorApproximation.ExpectationPropagation => "ep",
        _ => "vi",
    };
}
