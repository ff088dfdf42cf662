using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>A Gaussian process with normal noise, conditioned on n rows: y = m + f(x) + e, f ~ GP(0, k), e ~ N(0, σ²).</summary>
/// <remarks>Rasmussen &amp; Williams (2006), algorithm 2.1 and §§5.4.1–5.4.2. One Cholesky factor, [n, n], is all it keeps.</remarks>
public sealed partial class ExactPosterior
{
    // Tried in turn where K + σ²I cannot be factorised: parts of its mean diagonal.
    private static readonly double[] Jitters = [0, 1e-12, 1e-10, 1e-8, 1e-6];

    private readonly InputColumns x;
    private readonly double[] centred, factor, weights;
    private readonly int threads;

    private ExactPosterior(
        Kernel kernel,
        double noiseVariance,
        double meanConstant,
        InputColumns x,
        double[] centred,
        double[] factor,
        double jitter,
        int threads)
    {
        (Kernel, NoiseVariance, MeanConstant, Jitter) = (kernel, noiseVariance, meanConstant, jitter);
        (this.x, this.centred, this.factor, this.threads) = (x, centred, factor, threads);
        weights = (double[])centred.Clone();
        Cholesky.Solve(factor, x.Rows, x.Rows, weights);
        double fit = 0;
        for (int i = 0; i < weights.Length; i++)
            fit += weights[i] * centred[i];
        DataFit = -0.5 * fit;
        HalfLogDeterminant = -0.5 * Cholesky.LogDeterminant(factor, x.Rows, x.Rows);
    }

    /// <summary>k, for the number of features.</summary>
    public Kernel Kernel { get; }

    /// <summary>σ².</summary>
    public double NoiseVariance { get; }

    /// <summary>m.</summary>
    public double MeanConstant { get; }

    /// <summary>What had to be added to the diagonal so that it could be factorised; 0: nothing.</summary>
    public double Jitter { get; }

    /// <summary>n.</summary>
    public int Rows => x.Rows;

    /// <summary>d.</summary>
    public int Features => x.Features;

    /// <summary>−½ (y − m)ᵀ K⁻¹ (y − m), K with the noise.</summary>
    public double DataFit { get; }

    /// <summary>−½ ln |K|.</summary>
    public double HalfLogDeterminant { get; }

    /// <summary>ln p(y | X) = −½ (y − m)ᵀ K⁻¹ (y − m) − ½ ln |K| − (n/2) ln 2π.</summary>
    public double LogMarginalLikelihood => DataFit + HalfLogDeterminant - 0.5 * Rows * Math.Log(2 * Math.PI);

    /// <summary>Conditions a process on rows.</summary>
    /// <param name="kernel">k.</param>
    /// <param name="noiseVariance">σ² ≥ 0.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="y">[n].</param>
    /// <param name="meanConstant">m.</param>
    /// <param name="threads">The most threads to use; null: one a core. The result is the same for any number.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or the noise is negative.</exception>
    /// <exception cref="InvalidOperationException">The covariance cannot be factorised, with the jitter allowed.</exception>
    public static ExactPosterior Condition(
        Kernel kernel,
        double noiseVariance,
        InputColumns x,
        ReadOnlySpan<double> y,
        double meanConstant = 0,
        int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(x);
        if (!(noiseVariance >= 0 && double.IsFinite(noiseVariance)))
            throw new ArgumentOutOfRangeException(nameof(noiseVariance), noiseVariance, "A variance must not be negative.");
        if (y.Length != x.Rows || y.IsEmpty)
            throw new ArgumentException($"{y.Length} responses for {x.Rows} rows.", nameof(y));
        int n = x.Rows, most = threads ?? Environment.ProcessorCount;
        if ((long)n * n > Array.MaxLength)
            throw new ArgumentException(
                $"The covariance of {n} rows has {(long)n * n} numbers, more than an array holds. Use a sparse method.",
                nameof(x));
        var shaped = kernel.ForFeatures(x.Features);
        var centred = y.ToArray();
        for (int i = 0; i < n; i++)
            centred[i] -= meanConstant;
        var factor = new double[n * n];
        foreach (double part in Jitters)
        {
            GramMatrix.Lower(shaped, x, factor, most);
            double trace = 0;
            for (int i = 0; i < n; i++)
                trace += factor[i * n + i] + noiseVariance;
            double jitter = part * trace / n;
            for (int i = 0; i < n; i++)
                factor[i * n + i] += noiseVariance + jitter;
            if (Cholesky.TryFactor(factor, n, n, out _, most))
                return new(shaped, noiseVariance, meanConstant, x, centred, factor, jitter, most);
        }
        throw new InvalidOperationException(
            $"The covariance of {n} rows under {shaped} with noise variance {noiseVariance:G4} is not positive definite to double "
            + "precision: rows repeat, or lengthscales are far too long. Add noise, or a white kernel.");
    }

    /// <summary>The derivatives of the log marginal likelihood: by the kernel's free parameters, by ln σ², by m.</summary>
    /// <remarks>Rasmussen &amp; Williams (2006), eq. 5.9: ½ tr((ααᵀ − K⁻¹) ∂K/∂φ).</remarks>
    public MarginalLikelihoodGradient Gradient()
    {
        int n = Rows;
        var inverse = new double[n * n];
        Cholesky.InvertFromFactor(factor, n, n, inverse, n, threads);
        var kernel = GramMatrix.Gradient(
            Kernel,
            x,
            (i, row) =>
            {
                for (int j = 0; j < row.Length; j++)
                    row[j] = 0.5 * (weights[i] * weights[j] - inverse[i * n + j]);
            },
            threads);
        double trace = 0;
        for (int i = 0; i < n; i++)
            trace += weights[i] * weights[i] - inverse[i * n + i];
        return new(kernel, 0.5 * NoiseVariance * trace, weights.Sum());
    }

    /// <summary>The mean and variance of the latent function and of a new observation at other inputs.</summary>
    /// <param name="inputs">m inputs.</param>
    /// <param name="mean">[m].</param>
    /// <param name="latentVariance">[m], of f; empty: not wanted.</param>
    /// <param name="variance">[m], of y: noise and white noise included; empty: not wanted.</param>
    /// <exception cref="ArgumentException">The inputs have another number of features.</exception>
    public void Predict(InputColumns inputs, Span<double> mean, Span<double> latentVariance, Span<double> variance)
    {
        CheckFeatures(inputs);
        int n = Rows, m = inputs.Rows;
        var cross = new double[m * n];
        GramMatrix.Cross(Kernel, inputs, x, cross, threads);
        for (int i = 0; i < m; i++)
            mean[i] = MeanConstant + TensorPrimitives.Dot(cross.AsSpan(i * n, n), weights);
        if (latentVariance.IsEmpty && variance.IsEmpty)
            return;
        var columns = Transposed(cross, m, n);
        TriangularSolve.Forward(factor, n, n, columns, m, m, threads);
        Span<double> row = stackalloc double[inputs.Features];
        for (int i = 0; i < m; i++)
        {
            double explained = 0;
            for (int k = 0; k < n; k++)
                explained += columns[k * m + i] * columns[k * m + i];
            inputs.CopyRow(i, row);
            double latent = Math.Max(0, Kernel.Diagonal(row) - explained);
            if (!latentVariance.IsEmpty)
                latentVariance[i] = latent;
            if (!variance.IsEmpty)
                variance[i] = latent + NoiseVariance + Kernel.WhiteDiagonal(row);
        }
    }

    /// <summary>What predicts, without what only the fit needs; shares the factor.</summary>
    public LatentPosterior ToLatent() => new(Kernel, x, weights, MeanConstant, VarianceTerm.Solve(-1, factor, Rows));

    /// <summary>Each row predicted from all the others, at the same hyperparameters: means, variances, Σ log densities.</summary>
    /// <remarks>Rasmussen &amp; Williams (2006), eqs. 5.10–5.12; no refit is needed.</remarks>
    public (double[] Mean, double[] Variance, double LogDensity) LeaveOneOut()
    {
        int n = Rows;
        var inverse = new double[n * n];
        Cholesky.InvertFromFactor(factor, n, n, inverse, n, threads);
        var (mean, variance, sum) = (new double[n], new double[n], 0.0);
        for (int i = 0; i < n; i++)
        {
            double precision = inverse[i * n + i], residual = weights[i] / precision;
            mean[i] = MeanConstant + centred[i] - residual;
            variance[i] = 1 / precision;
            sum += NormalDistribution.LogDensity(residual * Math.Sqrt(precision)) + 0.5 * Math.Log(precision);
        }
        return (mean, variance, sum);
    }

    private void CheckFeatures(InputColumns inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Features != Features)
            throw new ArgumentException($"The inputs have {inputs.Features} features, not {Features}.", nameof(inputs));
    }

    private static double[] Transposed(double[] rows, int m, int n)
    {
        var columns = new double[rows.Length];
        for (int i = 0; i < m; i++)
            for (int k = 0; k < n; k++)
                columns[k * m + i] = rows[i * n + k];
        return columns;
    }
}

/// <summary>The derivatives of a log marginal likelihood.</summary>
/// <param name="Kernel">By each free parameter of the kernel.</param>
/// <param name="LogNoiseVariance">By ln σ².</param>
/// <param name="MeanConstant">By m.</param>
public sealed record MarginalLikelihoodGradient(
    IReadOnlyList<double> Kernel, double LogNoiseVariance, double MeanConstant);
