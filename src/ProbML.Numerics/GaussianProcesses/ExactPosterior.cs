using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>A Gaussian process with normal noise, conditioned on n rows: y = m + f(x) + e, f ~ GP(0, k), e ~ N(0, σ²).</summary>
/// <remarks>Rasmussen &amp; Williams (2006), algorithm 2.1 and §§5.4.1–5.4.2. One Cholesky factor, [n, n], is all it keeps.</remarks>
public sealed class ExactPosterior
{
    // Tried in turn where K + σ²I cannot be factorised: parts of its mean diagonal.
    internal static readonly double[] Jitters = [0, 1e-12, 1e-10, 1e-8, 1e-6];

    private readonly InputColumns x;
    private readonly double[] centred, noise, alpha;
    private readonly CovarianceFactor factor;
    private readonly int threads;
    private LatentPosterior? latent;

    private ExactPosterior(
        Kernel kernel,
        double noiseVariance,
        double meanConstant,
        InputColumns x,
        double[] centred,
        double[] noise,
        CovarianceFactor factor,
        int threads)
    {
        (Kernel, NoiseVariance, MeanConstant, Jitter) = (kernel, noiseVariance, meanConstant, factor.Jitter);
        (this.x, this.centred, this.noise, this.factor, this.threads) = (x, centred, noise, factor, threads);
        alpha = (double[])centred.Clone();
        factor.Solve(alpha);
        DataFit = -0.5 * TensorPrimitives.Dot<double>(alpha, centred);
        HalfLogDeterminant = -0.5 * factor.LogDeterminant;
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
    /// <param name="weights">ω &gt; 0, [n]: the noise of a row is σ²/ω; empty: all one.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or the noise is negative.</exception>
    /// <exception cref="InvalidOperationException">The covariance cannot be factorised, with the jitter allowed.</exception>
    public static ExactPosterior Condition(
        Kernel kernel,
        double noiseVariance,
        InputColumns x,
        ReadOnlySpan<double> y,
        double meanConstant = 0,
        int? threads = null,
        ReadOnlySpan<double> weights = default)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(x);
        int n = x.Rows, most = threads ?? Environment.ProcessorCount;
        if (!(noiseVariance >= 0 && double.IsFinite(noiseVariance)))
            throw new ArgumentOutOfRangeException(nameof(noiseVariance), noiseVariance, "A variance must not be negative.");
        if (y.Length != n || y.IsEmpty)
            throw new ArgumentException($"{y.Length} responses for {n} rows.", nameof(y));
        if (!weights.IsEmpty && weights.Length != n)
            throw new ArgumentException($"{weights.Length} weights for {n} rows.", nameof(weights));
        foreach (double weight in weights)
        {
            if (!(weight > 0))
                throw new ArgumentException($"Weights must be positive, but one is {weight}.", nameof(weights));
        }
        if ((long)n * n > Array.MaxLength)
            throw new ArgumentException(
                $"The covariance of {n} rows has {(long)n * n} numbers, more than an array holds. Use a sparse method.",
                nameof(x));
        var shaped = kernel.ForFeatures(x.Features);
        var factor = new double[n * n];
        foreach (double part in Jitters)
        {
            if (TryCondition(shaped, noiseVariance, x, y, weights, meanConstant, most, Managed(shaped, x, part, factor, null, most))
                is { } posterior)
            {
                return posterior;
            }
        }
        throw new InvalidOperationException(
            $"The covariance of {n} rows under {shaped} with noise variance {noiseVariance:G4} is not positive definite to double "
            + "precision: rows repeat, or lengthscales are far too long. Add noise, or a white kernel.");
    }

    /// <summary>As <see cref="Condition"/>, with a factor made of the noise of each row, [n]; null: not positive definite.</summary>
    internal static ExactPosterior? TryCondition(
        Kernel shaped,
        double noiseVariance,
        InputColumns x,
        ReadOnlySpan<double> y,
        ReadOnlySpan<double> weights,
        double meanConstant,
        int threads,
        Func<double[], CovarianceFactor?> factorise)
    {
        int n = x.Rows;
        double[] centred = new double[n], noise = new double[n];
        TensorPrimitives.Subtract(y, meanConstant, centred);
        if (weights.IsEmpty)
            noise.AsSpan().Fill(noiseVariance);
        else
            TensorPrimitives.Divide(noiseVariance, weights, noise);
        return factorise(noise) is { } factor ? new(shaped, noiseVariance, meanConstant, x, centred, noise, factor, threads) : null;
    }

    /// <summary>Factorises by the managed kernels, in memory for the factor and, if there is some, for the inverse.</summary>
    internal static Func<double[], CovarianceFactor?> Managed(
        Kernel shaped, InputColumns x, double jitterPart, double[] factor, double[]? inverse, int threads) =>
        noise => ManagedFactor.Of(shaped, x, noise, jitterPart, factor, inverse, threads);

    /// <summary>L, for its owner to free; <see cref="ToLatent"/> outlives it where it was called before.</summary>
    internal CovarianceFactor Factor => factor;

    /// <summary>The derivatives of the log marginal likelihood: by the kernel's free parameters, by ln σ², by m.</summary>
    /// <remarks>Rasmussen &amp; Williams (2006), eq. 5.9: ½ tr((ααᵀ − K⁻¹) ∂K/∂φ).</remarks>
    public MarginalLikelihoodGradient Gradient()
    {
        int n = Rows;
        var diagonal = new double[n];
        double[] kernel = factor.Gradient(alpha, diagonal);
        double byNoise = 0;
        for (int i = 0; i < n; i++)
            byNoise += noise[i] * (alpha[i] * alpha[i] - diagonal[i]);
        return new(kernel, 0.5 * byNoise, TensorPrimitives.Sum<double>(alpha));
    }

    /// <summary>½ (αᵢ² − (K⁻¹)ᵢᵢ) times each row's noise variance: the derivative by its logarithm, [n].</summary>
    internal double[] NoiseSlopes()
    {
        int n = Rows;
        double[] diagonal = new double[n], slopes = new double[n];
        factor.InverseDiagonal(diagonal);
        for (int i = 0; i < n; i++)
            slopes[i] = 0.5 * noise[i] * (alpha[i] * alpha[i] - diagonal[i]);
        return slopes;
    }

    /// <summary>The mean and variance of the latent function and of a new observation at other inputs.</summary>
    /// <param name="inputs">m inputs.</param>
    /// <param name="mean">[m].</param>
    /// <param name="latentVariance">[m], of f; empty: not wanted.</param>
    /// <param name="variance">[m], of y: noise and white noise included; empty: not wanted.</param>
    /// <exception cref="ArgumentException">The inputs have another number of features.</exception>
    public void Predict(InputColumns inputs, Span<double> mean, Span<double> latentVariance, Span<double> variance)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var ofLatent = latentVariance.IsEmpty ? variance : latentVariance;
        ToLatent().Predict(inputs, mean, ofLatent, threads);
        if (variance.IsEmpty)
            return;
        Span<double> row = new double[inputs.Features];
        for (int i = 0; i < inputs.Rows; i++)
        {
            inputs.CopyRow(i, row);
            variance[i] = ofLatent[i] + NoiseVariance + Kernel.WhiteDiagonal(row);
        }
    }

    /// <summary>The covariance of the latent function at other inputs, [m, m].</summary>
    /// <exception cref="ArgumentException">The inputs have another number of features.</exception>
    public double[] Covariance(InputColumns inputs) => ToLatent().Covariance(inputs, threads);

    /// <summary>Joint draws of the latent function at other inputs, [draws, m].</summary>
    /// <exception cref="ArgumentException">The inputs have another number of features.</exception>
    public double[] Sample(InputColumns inputs, int draws, Random random) => ToLatent().Sample(inputs, draws, random, threads);

    /// <summary>What predicts, without what only the fit needs; shares the factor.</summary>
    public LatentPosterior ToLatent() =>
        latent ??= new(Kernel, x, alpha, MeanConstant, VarianceTerm.Solve(-1, factor.Lower(), Rows));

    /// <summary>Each row predicted from all the others, at the same hyperparameters: means, variances, Σ log densities.</summary>
    /// <remarks>Rasmussen &amp; Williams (2006), eqs. 5.10–5.12; no refit is needed.</remarks>
    public (double[] Mean, double[] Variance, double LogDensity) LeaveOneOut()
    {
        int n = Rows;
        var (mean, variance, diagonal, sum) = (new double[n], new double[n], new double[n], 0.0);
        factor.InverseDiagonal(diagonal);
        for (int i = 0; i < n; i++)
        {
            double precision = diagonal[i], residual = alpha[i] / precision;
            mean[i] = MeanConstant + centred[i] - residual;
            variance[i] = 1 / precision;
            sum += NormalDistribution.LogDensity(residual * Math.Sqrt(precision)) + 0.5 * Math.Log(precision);
        }
        return (mean, variance, sum);
    }
}

/// <summary>The derivatives of a log marginal likelihood.</summary>
/// <param name="Kernel">By each free parameter of the kernel.</param>
/// <param name="LogNoiseVariance">By ln σ².</param>
/// <param name="MeanConstant">By m.</param>
public sealed record MarginalLikelihoodGradient(
    IReadOnlyList<double> Kernel, double LogNoiseVariance, double MeanConstant);
