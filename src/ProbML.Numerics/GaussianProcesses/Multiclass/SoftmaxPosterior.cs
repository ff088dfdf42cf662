namespace ProbML.GaussianProcesses;

/// <summary>
/// C Gaussian processes conditioned on n classes by Laplace's approximation: P(Y = c | f) = exp f_c / Σ exp f, f_c ~ GP(0, k).
/// </summary>
/// <remarks>Rasmussen &amp; Williams (2006), §3.5. One kernel for all classes.</remarks>
public sealed class SoftmaxPosterior
{
    private readonly InputColumns x;
    private readonly SoftmaxSites sites;
    private readonly int threads;

    private SoftmaxPosterior(Kernel kernel, InputColumns x, SoftmaxSites sites, int classes, int threads)
    {
        (Kernel, this.x, this.sites, ClassCount, this.threads) = (kernel, x, sites, classes, threads);
    }

    /// <summary>k, for the number of features.</summary>
    public Kernel Kernel { get; }

    /// <summary>C.</summary>
    public int ClassCount { get; }

    /// <summary>n.</summary>
    public int Rows => x.Rows;

    /// <summary>Laplace's approximation to ln p(y | X).</summary>
    public double LogEvidence => sites.LogEvidence;

    /// <summary>Whether the mode was reached.</summary>
    public bool Converged => sites.Converged;

    /// <summary>a, [C, n]: the mode of f_c is K a_c.</summary>
    public IReadOnlyList<double> Weights => sites.Weights;

    internal SoftmaxSites Sites => sites;

    internal InputColumns Inputs => x;

    /// <summary>Conditions the processes on rows.</summary>
    /// <param name="kernel">k.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="y">[n], classes from 0 to C − 1.</param>
    /// <param name="classes">C ≥ 2.</param>
    /// <param name="weights">[n], which multiply ln p(y | f); empty: all one.</param>
    /// <param name="threads">The most threads to use; null: one a core. The result is the same for any number.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a response is no class.</exception>
    public static SoftmaxPosterior Condition(
        Kernel kernel,
        InputColumns x,
        ReadOnlySpan<double> y,
        int classes,
        ReadOnlySpan<double> weights = default,
        int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (y.Length != x.Rows || y.IsEmpty)
            throw new ArgumentException($"{y.Length} responses for {x.Rows} rows.", nameof(y));
        if (!weights.IsEmpty && weights.Length != y.Length)
            throw new ArgumentException($"{weights.Length} weights for {y.Length} rows.", nameof(weights));
        for (int i = 0; i < y.Length; i++)
        {
            if (!(y[i] >= 0 && y[i] < classes && y[i] == Math.Floor(y[i])))
                throw new ArgumentException($"Row {i + 1} is {y[i]}, but classes are 0 to {classes - 1}.", nameof(y));
            if (!weights.IsEmpty && !(weights[i] > 0 && double.IsFinite(weights[i])))
                throw new ArgumentException($"Row {i + 1} has weight {weights[i]}: weights must be positive.", nameof(weights));
        }
        var rows = new LatentRows(y.ToArray(), weights.IsEmpty ? null : weights.ToArray());
        return Condition(kernel, x, rows, classes, threads ?? Environment.ProcessorCount, null, true);
    }

    internal static SoftmaxPosterior Condition(
        Kernel kernel, InputColumns x, LatentRows rows, int classes, int threads, SoftmaxPosterior? near, bool gradient)
    {
        var shaped = kernel.ForFeatures(x.Features);
        var gram = GramMatrix.Full(shaped, x, threads);
        var sites = SoftmaxSites.Find(gram, rows, classes, near?.sites.Weights, gradient, threads);
        return new(shaped, x, sites, classes, threads);
    }

    /// <summary>The derivatives of the log evidence by the kernel's free parameters, with the change of the mode.</summary>
    public double[] Gradient()
    {
        int n = Rows;
        var weights = new double[n * n];
        double[] a = sites.Weights, u = sites.Pull ?? throw new InvalidOperationException("The gradient was not asked for.");
        for (int c = 0; c < ClassCount; c++)
        {
            var block = sites.Factor.Block(c);
            for (int i = 0; i < n; i++)
                for (int j = 0; j <= i; j++)
                {
                    int k = c * n + i, l = c * n + j;
                    weights[i * n + j] += 0.5 * (a[k] * a[l] - block[i * n + j] + u[k] * a[l] + a[k] * u[l]);
                }
        }
        return GramMatrix.Gradient(Kernel, x, (i, row) => weights.AsSpan(i * n, row.Length).CopyTo(row), threads);
    }

    /// <summary>The mode of f at the rows, [C, n].</summary>
    public double[] Mode() => SoftmaxSites.Times(GramMatrix.Full(Kernel, x, threads), sites.Weights, Rows);

    /// <summary>What is kept to predict with.</summary>
    internal SoftmaxPredictor ToPredictor() => new(
        Kernel, x, ClassCount, sites.Weights, [.. sites.Factor.Roots.SelectMany(root => root)],
        [.. sites.Factor.Factors], sites.Factor.Sum);
}
