using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>A sparse Gaussian process conditioned on n rows: one pass over them, O(n m²) time, O(m²) memory.</summary>
/// <remarks>
/// Titsias (2009), Variational Learning of Inducing Variables in Sparse Gaussian Processes. With K_mm = L Lᵀ and
/// S = L⁻¹ K_mn D⁻¹ K_nm L⁻ᵀ everything follows from B = I + S, whose eigenvalues are at least one.
/// </remarks>
public sealed class SparsePosterior
{
    private readonly InducingCovariance inducing;
    private readonly SparseSum sum;
    private readonly double[] factor, projected;
    private readonly int threads;

    private SparsePosterior(SparseProcess process, InducingCovariance inducing, SparseSum sum, double[] factor, int threads)
    {
        (Process, this.inducing, this.sum, this.factor, this.threads) = (process, inducing, sum, factor, threads);
        int m = inducing.Count;
        projected = (double[])sum.Projection.Clone();
        Cholesky.Solve(factor, m, m, projected);
        double fit = TensorPrimitives.Dot<double>(projected, sum.Projection);
        LowRankLogLikelihood = -0.5 * (sum.Rows * Math.Log(2 * Math.PI) + sum.LogNoise + Cholesky.LogDeterminant(factor, m, m)
            + sum.Squares - fit);
        TraceTerm = process.Approximation == SparseApproximation.Variational ? -0.5 * sum.Unexplained : 0;
    }

    /// <summary>Hyperparameters and inducing inputs.</summary>
    public SparseProcess Process { get; }

    /// <summary>n, rows of positive weight.</summary>
    public long Rows => sum.Rows;

    /// <summary>ln N(y | m, Q + D), D = σ²I, for FITC with diag(K − Q).</summary>
    public double LowRankLogLikelihood { get; }

    /// <summary>−tr(K − Q)/(2σ²); 0 for FITC.</summary>
    public double TraceTerm { get; }

    /// <summary>Titsias' bound, at most ln p(y | X); FITC's log likelihood, which is no bound.</summary>
    public double LogLikelihood => LowRankLogLikelihood + TraceTerm;

    /// <summary>Conditions a sparse process on the rows of a design; weights divide the noise variance.</summary>
    /// <param name="process">Hyperparameters and inducing inputs.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="monitor">Asked for cancellation.</param>
    /// <param name="threads">The most threads to use; null: one a core. The result is the same for any number.</param>
    /// <exception cref="ArgumentException">Kernel, inducing inputs and rows do not have the same features.</exception>
    /// <exception cref="InvalidOperationException">K_mm cannot be factorised, or there are no rows.</exception>
    /// <exception cref="OperationCanceledException">The monitor says so.</exception>
    public static SparsePosterior Condition(
        SparseProcess process, Design rows, TrainingMonitor? monitor = null, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(rows);
        if (process.InducingInputs.Features != rows.FeatureCount)
            throw new ArgumentException(
                $"The inducing inputs have {process.InducingInputs.Features} features, the rows {rows.FeatureCount}.", nameof(process));
        int most = threads ?? Environment.ProcessorCount;
        var shaped = process with { Kernel = process.Kernel.ForFeatures(rows.FeatureCount) };
        var inducing = InducingCovariance.Create(shaped.Kernel, process.InducingInputs, process.Jitter, most);
        return TryCondition(shaped, inducing, rows, monitor ?? TrainingMonitor.None, most) ?? throw new InvalidOperationException(
            $"The rows' information about {inducing.Count} inducing variables is not finite under {shaped.Kernel} with noise variance "
            + $"{process.NoiseVariance:G4}.");
    }

    /// <summary>As <see cref="Condition"/>; null where the information is not finite.</summary>
    internal static SparsePosterior? TryCondition(
        SparseProcess process, InducingCovariance inducing, Design rows, TrainingMonitor monitor, int threads)
    {
        int m = inducing.Count;
        var sum = rows.Sum(() => new SparseSum(process, inducing), monitor, threads);
        if (sum.Rows == 0)
            throw new InvalidOperationException("There are no rows of positive weight.");
        double[] factor = [.. sum.Gram];
        for (int j = 0; j < m; j++)
            factor[j * m + j] += 1;
        return Cholesky.TryFactor(factor, m, m, out _, threads) ? new(process, inducing, sum, factor, threads) : null;
    }

    /// <summary>The derivatives of <see cref="LogLikelihood"/>: a second pass over the rows it was conditioned on.</summary>
    /// <exception cref="OperationCanceledException">The monitor says so.</exception>
    public SparseGradient Gradient(Design rows, TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int m = inducing.Count;
        bool fitc = Process.Approximation == SparseApproximation.Fitc;
        double[] alpha = Weights(), shrinkage = Reduction();
        var gradient = rows.Sum(
            () => new SparseGradientSum(Process, inducing, alpha, shrinkage), monitor ?? TrainingMonitor.None, threads);

        // ½ L⁻ᵀ (I − B⁻¹ − S) L⁻¹ − ½ α αᵀ, S for the variational trace alone; FITC's diagonal is in the rows' sum.
        var weights = new double[m * m];
        if (!fitc)
        {
            for (int j = 0; j < m; j++)
                for (int k = 0; k <= j; k++)
                    weights[j * m + k] = weights[k * m + j] = -sum.Gram[j * m + k];
            inducing.Enclose(weights);
        }
        for (int j = 0; j < m; j++)
            for (int k = 0; k < m; k++)
                weights[j * m + k] = 0.5 * (weights[j * m + k] + shrinkage[j * m + k] - alpha[j] * alpha[k]) + gradient.Diagonal[j * m + k];
        inducing.AddGradient(weights, gradient.Kernel, gradient.Inducing);
        return new(gradient.Kernel, gradient.LogNoiseVariance, gradient.MeanConstant, gradient.Inducing);
    }

    /// <summary>The optimal q(u) = N(mean, covariance) of the inducing variables u = f(Z), prior mean excluded: [m], [m, m].</summary>
    public (double[] Mean, double[] Covariance) InducingPosterior()
    {
        int m = inducing.Count;
        var mean = new double[m];
        for (int j = 0; j < m; j++)
            mean[j] = TensorPrimitives.Dot(inducing.Factor.AsSpan(j * m, m), projected);
        double[] half = new double[m * m], covariance = new double[m * m];        // L_B⁻¹ Lᵀ
        for (int j = 0; j < m; j++)
            for (int k = 0; k <= j; k++)
                half[k * m + j] = inducing.Factor[j * m + k];
        TriangularSolve.Forward(factor, m, m, half, m, m, threads);
        Gemm.Accumulate(m, m, m, 1, half, m, true, half, m, false, covariance, m, threads);
        return (mean, covariance);
    }

    /// <summary>What is left of it to predict with: k(x, x) − |L⁻¹ k|² + |(L L_B)⁻¹ k|², k = k(Z, x).</summary>
    public LatentPosterior ToLatentPosterior() => inducing.Posterior(Weights(), factor, Process.MeanConstant);

    /// <summary>α = L⁻ᵀ B⁻¹ c, [m]: the posterior mean is m + k(x, Z) α.</summary>
    internal double[] Weights()
    {
        double[] alpha = [.. projected];
        TriangularSolve.Backward(inducing.Factor, inducing.Count, inducing.Count, alpha);
        return alpha;
    }

    /// <summary>C = L⁻ᵀ (I − B⁻¹) L⁻¹, [m, m]: the posterior variance is k(x, x) − k(x, Z) C k(Z, x).</summary>
    internal double[] Reduction()
    {
        int m = inducing.Count;
        var matrix = new double[m * m];
        Cholesky.InvertFromFactor(factor, m, m, matrix, m, threads);
        for (int j = 0; j < m; j++)
            for (int k = 0; k < m; k++)
                matrix[j * m + k] = (j == k ? 1 : 0) - matrix[j * m + k];
        inducing.Enclose(matrix);
        return matrix;
    }
}

/// <summary>The derivatives of a sparse log likelihood.</summary>
/// <param name="Kernel">By each free parameter of the kernel.</param>
/// <param name="LogNoiseVariance">By ln σ².</param>
/// <param name="MeanConstant">By m.</param>
/// <param name="InducingInputs">By Z, [m, d], row-major.</param>
public sealed record SparseGradient(
    IReadOnlyList<double> Kernel, double LogNoiseVariance, double MeanConstant, IReadOnlyList<double> InducingInputs);
