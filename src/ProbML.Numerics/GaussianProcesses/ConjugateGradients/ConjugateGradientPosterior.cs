using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>An exact Gaussian process conditioned on n rows without ever holding their covariance: products with it alone.</summary>
/// <remarks>
/// Gardner et al. (2018), §§3–4. α is solved for; ln |K̂| = ln |P| + tr ln(P^−½ K̂ P^−½), the trace by t probes drawn from N(0, P) and
/// Lanczos quadrature (Ubaru, Chen &amp; Saad 2017), and so is the gradient's. O(n²) time a product, O(n (rank + t)) memory.
/// </remarks>
internal sealed class ConjugateGradientPosterior
{
    private readonly KernelOperator matrix;
    private readonly PivotedPreconditioner preconditioner;
    private readonly double[] alpha, solved, probes;
    private readonly double noiseVariance;
    private readonly int count;

    private ConjugateGradientPosterior(
        KernelOperator matrix, PivotedPreconditioner preconditioner, double noiseVariance, double meanConstant, double[] centred,
        double[] alpha, double[] solved, double[] probes, int count, ConjugateGradients run)
    {
        (this.matrix, this.preconditioner, this.noiseVariance, MeanConstant) = (matrix, preconditioner, noiseVariance, meanConstant);
        (this.alpha, this.solved, this.probes, this.count) = (alpha, solved, probes, count);
        (Iterations, Residual) = (run.Iterations, run.Residual);
        double correction = 0, squares = 0;
        for (int c = 1; c <= count; c++)
        {
            double trace = run.Weights[c] * run.LogQuadrature(c);
            correction += trace / count;
            squares += trace * trace / count;
        }
        DataFit = -0.5 * TensorPrimitives.Dot<double>(alpha, centred);
        HalfLogDeterminant = -0.5 * (preconditioner.LogDeterminant + correction);
        StandardError = count > 1 ? 0.5 * Math.Sqrt(Math.Max(0, squares - correction * correction) / (count - 1)) : double.NaN;
    }

    /// <summary>m.</summary>
    public double MeanConstant { get; }

    /// <summary>−½ (y − m)ᵀ K̂⁻¹ (y − m).</summary>
    public double DataFit { get; }

    /// <summary>−½ ln |K̂|, estimated.</summary>
    public double HalfLogDeterminant { get; }

    /// <summary>The standard error of the estimate, by the probes.</summary>
    public double StandardError { get; }

    /// <summary>Iterations of conjugate gradients.</summary>
    public int Iterations { get; }

    /// <summary>The largest relative residual they left.</summary>
    public double Residual { get; }

    /// <summary>ln p(y | X), estimated.</summary>
    public double LogMarginalLikelihood => DataFit + HalfLogDeterminant - 0.5 * matrix.Rows * Math.Log(2 * Math.PI);

    /// <summary>Conditions.</summary>
    /// <param name="rule">Rank, probes, tolerance.</param>
    /// <param name="kernel">k, for the number of features.</param>
    /// <param name="noiseVariance">σ² &gt; 0.</param>
    /// <param name="rows">Inputs, responses, weights.</param>
    /// <param name="meanConstant">m.</param>
    /// <param name="random">Of the probes.</param>
    /// <param name="threads">The most threads.</param>
    /// <param name="monitor">Cancellation.</param>
    /// <param name="device">The inputs on a device; null: the managed code multiplies.</param>
    public static ConjugateGradientPosterior Condition(
        ConjugateGradientRule rule, Kernel kernel, double noiseVariance, (InputColumns X, double[] Y, double[] Weights) rows,
        double meanConstant, Random random, int threads, TrainingMonitor monitor, CovarianceMatrix? device = null)
    {
        int n = rows.X.Rows, count = rule.Probes, columns = 1 + count;
        double[] noise = new double[n], centred = new double[n];
        if (rows.Weights.Length == 0)
            Array.Fill(noise, noiseVariance);
        else
            TensorPrimitives.Divide(noiseVariance, rows.Weights, noise);
        TensorPrimitives.Subtract(rows.Y, meanConstant, centred);
        var matrix = new KernelOperator(kernel, rows.X, noise, threads, device);
        var preconditioner = new PivotedPreconditioner(matrix, rule.Rank, monitor);
        double[] probes = count > 0 ? preconditioner.Draw(count, random) : [], right = new double[n * columns];
        for (int i = 0; i < n; i++)
        {
            right[i * columns] = centred[i];
            probes.AsSpan(i * count, count).CopyTo(right.AsSpan(i * columns + 1));
        }
        var run = ConjugateGradients.Solve(matrix, preconditioner, right, columns, rule.Tolerance, rule.Iterations, monitor);
        double[] alpha = new double[n], solved = new double[n * count];
        for (int i = 0; i < n; i++)
        {
            alpha[i] = run.Solution[i * columns];
            run.Solution.AsSpan(i * columns + 1, count).CopyTo(solved.AsSpan(i * count));
        }
        return new(matrix, preconditioner, noiseVariance, meanConstant, centred, alpha, solved, probes, count, run);
    }

    /// <summary>The derivatives of the log marginal likelihood, the trace by the probes: ½ αᵀ ∂K̂ α − (1/2t) Σ uₛᵀ ∂K̂ P⁻¹zₛ, K̂ uₛ = zₛ.</summary>
    public MarginalLikelihoodGradient Gradient()
    {
        int n = matrix.Rows;
        double[] preconditioned = preconditioner.Solve(probes, count);
        double[] kernel = matrix.Device is { } device
            ? OnDevice(device)
            : GramMatrix.Gradient(matrix.Kernel, matrix.X, Fill, matrix.NumberOfThreads);
        double byNoise = 0;
        for (int i = 0; i < n; i++)
            byNoise += matrix.Noise[i] * (0.5 * alpha[i] * alpha[i] - Trace(i, i));
        return new(kernel, byNoise, TensorPrimitives.Sum<double>(alpha));

        void Fill(int i, Span<double> row)
        {
            // −(1/4t) (U Wᵀ + W Uᵀ) + ½ α αᵀ, row i: two matrix-vector products.
            Gemv.Multiply(preconditioned, row.Length, count, count, solved.AsSpan(i * count, count), row);
            using var rented = new RentedNumbers(row.Length);
            var other = rented.Take(row.Length);
            Gemv.Multiply(solved, row.Length, count, count, preconditioned.AsSpan(i * count, count), other);
            TensorPrimitives.Add(row, other, row);
            TensorPrimitives.Multiply(row, -0.25 / count, row);
            TensorPrimitives.MultiplyAdd(alpha.AsSpan(0, row.Length), 0.5 * alpha[i], row, row);
        }

        double[] OnDevice(CovarianceMatrix device)
        {
            // ½ αᵀ ∂K α − (1/2t) Σ uₛᵀ ∂K wₛ: pairs of vectors side by side.
            int columns = 1 + count;
            double[] left = new double[n * columns], right = new double[n * columns];
            for (int i = 0; i < n; i++)
            {
                (left[i * columns], right[i * columns]) = (0.5 * alpha[i], alpha[i]);
                TensorPrimitives.Multiply(solved.AsSpan(i * count, count), -0.5 / count, left.AsSpan(i * columns + 1, count));
                preconditioned.AsSpan(i * count, count).CopyTo(right.AsSpan(i * columns + 1));
            }
            return device.Gradient(matrix.Kernel, left, right, columns);
        }

        double Trace(int i, int j) =>
            0.5 / count * TensorPrimitives.Dot<double>(solved.AsSpan(i * count, count), preconditioned.AsSpan(j * count, count));
    }

    /// <summary>The posterior: its mean exactly, as far as α was solved for; its variance from above.</summary>
    /// <remarks>
    /// K̂⁻¹ is projected on the span of Q = D⁻¹ Fᵀ, W = Q chol(Qᵀ K̂ Q)⁻ᵀ: |Wᵀ k|² ≤ kᵀ K̂⁻¹ k, so that the variance is never below the
    /// exact one, falls with the rank, and is exact at full rank.
    /// </remarks>
    public LatentPosterior ToLatentPosterior(int rank, TrainingMonitor monitor)
    {
        int n = matrix.Rows;
        var span = rank <= preconditioner.Rank ? preconditioner : new PivotedPreconditioner(matrix, rank, monitor);
        int r = span.Rank;
        double[] basis = span.Basis(), product = matrix.Multiply(basis, r, monitor), inner = new double[r * r];
        Gemm.Accumulate(r, r, n, 1, basis, r, true, product, r, false, inner, r, matrix.NumberOfThreads);
        double trace = 0;
        for (int k = 0; k < r; k++)
            trace += inner[k * r + k];
        double[] factor = [];
        foreach (double jitter in (double[])[0, 1e-14, 1e-12, 1e-10, 1e-8, 1e-6])
        {
            factor = (double[])inner.Clone();
            for (int k = 0; k < r; k++)
                factor[k * r + k] += jitter * trace / r;
            if (Cholesky.TryFactor(factor, r, r, out _, matrix.NumberOfThreads))
                break;
        }
        // Wᵀ = chol⁻¹ Qᵀ.
        double[] across = new double[r * n], w = new double[n * r];
        for (int i = 0; i < n; i++)
            for (int k = 0; k < r; k++)
                across[k * n + i] = basis[i * r + k];
        TriangularSolve.Forward(factor, r, r, across, n, n, matrix.NumberOfThreads);
        for (int i = 0; i < n; i++)
            for (int k = 0; k < r; k++)
                w[i * r + k] = across[k * n + i];
        return new(matrix.Kernel, matrix.X, alpha, MeanConstant, VarianceTerm.Multiply(-1, w, n, r));
    }
}

/// <summary>How conjugate gradients go.</summary>
/// <param name="Rank">Of the preconditioner.</param>
/// <param name="Probes">For determinant and trace; 0: neither is wanted.</param>
/// <param name="Tolerance">Of the residuals.</param>
/// <param name="Iterations">The most.</param>
internal readonly record struct ConjugateGradientRule(int Rank, int Probes, double Tolerance, int Iterations);
