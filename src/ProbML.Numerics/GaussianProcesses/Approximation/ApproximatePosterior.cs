using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>How the posterior of a latent function is approximated by a normal.</summary>
public enum PosteriorApproximation
{
    /// <summary>A normal about the mode, with the inverse Hessian there.</summary>
    Laplace,

    /// <summary>Moments matched site by site.</summary>
    ExpectationPropagation,

    /// <summary>The normal closest in KL(q ‖ p); the evidence is a lower bound.</summary>
    Variational,
}

/// <summary>
/// A Gaussian process conditioned on n rows through any likelihood: p(f | y) ≈ N(m + K a, (K⁻¹ + W)⁻¹), f = m + g, g ~ GP(0, k).
/// </summary>
/// <remarks>Rasmussen &amp; Williams (2006), ch. 3 and §5.5; Opper &amp; Archambeau (2009).</remarks>
public sealed class ApproximatePosterior
{
    private readonly InputColumns x;
    private readonly LatentProblem problem;
    private readonly LatentSites sites;
    private LatentPosterior? latent;

    private ApproximatePosterior(
        Kernel kernel, PosteriorApproximation approximation, InputColumns x, LatentProblem problem, LatentSites sites)
    {
        (Kernel, Approximation, this.x, this.problem, this.sites) = (kernel, approximation, x, problem, sites);
    }

    /// <summary>k, for the number of features.</summary>
    public Kernel Kernel { get; }

    /// <summary>p(y | f).</summary>
    public LatentLikelihood Likelihood => problem.Likelihood;

    /// <summary>m.</summary>
    public double MeanConstant => problem.Mean;

    /// <summary>How it was found.</summary>
    public PosteriorApproximation Approximation { get; }

    /// <summary>n.</summary>
    public int Rows => x.Rows;

    /// <summary>What the approximation takes for ln p(y | X); of the variational one a lower bound.</summary>
    public double LogEvidence => sites.LogEvidence;

    /// <summary>Whether the algorithm arrived.</summary>
    public bool Converged => sites.Converged;

    /// <summary>How many factorisations it took.</summary>
    public int Iterations => sites.Iterations;

    /// <summary>W, the sites' precisions, [n].</summary>
    public IReadOnlyList<double> Precisions => sites.Precisions;

    /// <summary>a: the posterior mean is m + K a, [n].</summary>
    public IReadOnlyList<double> Weights => sites.Weights;

    internal SiteFactor Factor => sites.Factor;

    /// <summary>What is saved, scored and exported.</summary>
    public LatentPosterior Latent => latent ??= new(Kernel, x, sites.Weights, MeanConstant, sites.Factor.ToTerms());

    /// <summary>Conditions a process on rows.</summary>
    /// <param name="kernel">k.</param>
    /// <param name="likelihood">p(y | f).</param>
    /// <param name="x">The inputs.</param>
    /// <param name="y">[n].</param>
    /// <param name="approximation">The principle.</param>
    /// <param name="meanConstant">m.</param>
    /// <param name="weights">[n], which multiply ln p(y | f); empty: all one.</param>
    /// <param name="offsets">[n], added to f; empty: all zero.</param>
    /// <param name="threads">The most threads to use; null: one a core. The result is the same for any number.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a response is none of the likelihood's.</exception>
    /// <exception cref="InvalidOperationException">There is no such posterior.</exception>
    public static ApproximatePosterior Condition(
        Kernel kernel,
        LatentLikelihood likelihood,
        InputColumns x,
        ReadOnlySpan<double> y,
        PosteriorApproximation approximation = PosteriorApproximation.Laplace,
        double meanConstant = 0,
        ReadOnlySpan<double> weights = default,
        ReadOnlySpan<double> offsets = default,
        int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(likelihood);
        ArgumentNullException.ThrowIfNull(x);
        if (y.Length != x.Rows || y.IsEmpty)
            throw new ArgumentException($"{y.Length} responses for {x.Rows} rows.", nameof(y));
        if (!weights.IsEmpty && weights.Length != y.Length)
            throw new ArgumentException($"{weights.Length} weights for {y.Length} rows.", nameof(weights));
        if (!offsets.IsEmpty && offsets.Length != y.Length)
            throw new ArgumentException($"{offsets.Length} offsets for {y.Length} rows.", nameof(offsets));
        for (int i = 0; i < y.Length; i++)
        {
            if (likelihood.Fault(y[i]) is { } fault)
                throw new ArgumentException($"Row {i + 1} is {y[i]}, but responses of the likelihood {likelihood} {fault}.", nameof(y));
        }
        var rows = new LatentRows(
            y.ToArray(), weights.IsEmpty ? null : weights.ToArray(), offsets.IsEmpty ? null : offsets.ToArray());
        return Condition(kernel, likelihood, x, rows, approximation, meanConstant, threads ?? Environment.ProcessorCount, null, true);
    }

    /// <summary>As above, of rows that were checked, going on from a posterior at hyperparameters nearby.</summary>
    internal static ApproximatePosterior Condition(
        Kernel kernel,
        LatentLikelihood likelihood,
        InputColumns x,
        LatentRows rows,
        PosteriorApproximation approximation,
        double meanConstant,
        int threads,
        ApproximatePosterior? near,
        bool gradient)
    {
        var shaped = kernel.ForFeatures(x.Features);
        var problem = new LatentProblem(GramMatrix.Full(shaped, x, threads), rows, likelihood, meanConstant, threads);
        var sites = approximation switch
        {
            PosteriorApproximation.Laplace => LaplaceSites.Find(problem, near?.sites.Weights, gradient),
            PosteriorApproximation.ExpectationPropagation =>
                ExpectationPropagationSites.Find(problem, near?.sites, gradient),
            PosteriorApproximation.Variational => VariationalSites.Find(problem, near?.sites, gradient),
            _ => throw new ArgumentOutOfRangeException(nameof(approximation), approximation, "There is no such approximation."),
        };
        return new(shaped, approximation, x, problem, sites);
    }

    /// <summary>The derivatives of the log evidence: by the kernel's free parameters, the likelihood's, and by m.</summary>
    /// <remarks>Of Laplace's, with the change of the mode: Rasmussen &amp; Williams (2006), §5.5.1; of the others eq. 5.27.</remarks>
    public EvidenceGradient Gradient()
    {
        int n = Rows;
        var dense = sites.Factor.Dense();
        double[] a = sites.Weights;
        double[]? u = sites.Pull;
        var kernel = GramMatrix.Gradient(
            Kernel,
            x,
            (i, row) =>
            {
                for (int j = 0; j < row.Length; j++)
                    row[j] = 0.5 * (a[i] * a[j] - dense[i * n + j]);
                if (u is null)
                    return;
                for (int j = 0; j < row.Length; j++)
                    row[j] += 0.5 * (u[i] * a[j] + a[i] * u[j]);
            },
            problem.Threads);
        return new(kernel, sites.LikelihoodGradient, TensorPrimitives.Sum<double>(a) + (u is null ? 0 : TensorPrimitives.Sum<double>(u)));
    }

    /// <summary>The posterior mean of f at the rows, offsets left out, [n]; of Laplace's the mode.</summary>
    public double[] Mean()
    {
        var mean = problem.Times(sites.Weights);
        for (int i = 0; i < mean.Length; i++)
            mean[i] += MeanConstant;
        return mean;
    }

    /// <summary>The posterior variance of f at the rows, [n].</summary>
    public double[] Variance() => sites.Factor.Variances();

    /// <summary>The mean and variance of f at other inputs.</summary>
    /// <param name="inputs">m inputs.</param>
    /// <param name="mean">[m].</param>
    /// <param name="variance">[m]; empty: not wanted.</param>
    /// <exception cref="ArgumentException">The inputs have another number of features.</exception>
    public void Predict(InputColumns inputs, Span<double> mean, Span<double> variance) =>
        Latent.Predict(inputs, mean, variance, problem.Threads);
}

/// <summary>The derivatives of a log evidence.</summary>
/// <param name="Kernel">By each free parameter of the kernel.</param>
/// <param name="Likelihood">By each free parameter of the likelihood.</param>
/// <param name="MeanConstant">By m.</param>
public sealed record EvidenceGradient(IReadOnlyList<double> Kernel, IReadOnlyList<double> Likelihood, double MeanConstant);
