using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>P = Fᵀ F + D ≈ K̂, F a pivoted Cholesky factor of low rank: what makes conjugate gradients quick.</summary>
/// <remarks>
/// Gardner, Pleiss, Bindel, Weinberger &amp; Wilson (2018), GPyTorch: Blackbox Matrix-Matrix Gaussian Process Inference, §4.1. By Woodbury
/// P⁻¹ = D⁻¹ − D⁻¹ Fᵀ C⁻¹ F D⁻¹, C = I + F D⁻¹ Fᵀ.
/// </remarks>
internal sealed class PivotedPreconditioner
{
    private readonly double[] factor, diagonal, inner;
    private readonly int n, rank, threads;

    /// <summary>Factorises the operator's kernel to a rank.</summary>
    public PivotedPreconditioner(KernelOperator matrix, int rank, TrainingMonitor monitor)
    {
        var pivoted = PivotedCholesky.Of(matrix.Kernel, matrix.X, rank, tolerance: 0, monitor);
        (n, this.rank, factor, threads) = (matrix.Rows, pivoted.Rank, pivoted.Factor, matrix.NumberOfThreads);
        diagonal = matrix.White();
        TensorPrimitives.Add(diagonal, matrix.Noise, diagonal);
        inner = new double[this.rank * this.rank];
        var scaled = new double[factor.Length];
        for (int k = 0; k < this.rank; k++)
        {
            TensorPrimitives.Divide(factor.AsSpan(k * n, n), diagonal, scaled.AsSpan(k * n, n));
            inner[k * this.rank + k] = 1;
        }
        Gemm.Accumulate(this.rank, this.rank, n, 1, scaled, n, false, factor, n, true, inner, this.rank, threads);
        if (!Cholesky.TryFactor(inner, this.rank, this.rank, out _, threads))
            throw new InvalidOperationException("The preconditioner is not finite: raise the noise variance.");
        LogDeterminant = Cholesky.LogDeterminant(inner, this.rank, this.rank);
        foreach (double value in diagonal)
            LogDeterminant += Math.Log(value);
    }

    /// <summary>Rows of F.</summary>
    public int Rank => rank;

    /// <summary>ln |P|.</summary>
    public double LogDeterminant { get; }

    /// <summary>P⁻¹ B, [n, columns].</summary>
    public double[] Solve(double[] b, int columns)
    {
        var result = (double[])b.Clone();
        DivideRows(result, columns);
        if (rank == 0)
            return result;
        double[] small = new double[rank * columns], back = new double[n * columns];
        Gemm.Accumulate(rank, columns, n, 1, factor, n, false, result, columns, false, small, columns, threads);
        Cholesky.Solve(inner, rank, rank, small, columns, columns, threads);
        Gemm.Accumulate(n, columns, rank, 1, factor, n, true, small, columns, false, back, columns, threads);
        DivideRows(back, columns);
        TensorPrimitives.Subtract(result, back, result);
        return result;
    }

    /// <summary>Draws from N(0, P), [n, columns]: Fᵀ ε + D^½ ε′.</summary>
    public double[] Draw(int columns, Random random)
    {
        double[] few = new double[rank * columns], result = new double[n * columns];
        RandomNormal.Fill(random, few);
        RandomNormal.Fill(random, result);
        for (int i = 0; i < n; i++)
        {
            var row = result.AsSpan(i * columns, columns);
            TensorPrimitives.Multiply(row, Math.Sqrt(diagonal[i]), row);
        }
        if (rank > 0)
            Gemm.Accumulate(n, columns, rank, 1, factor, n, true, few, columns, false, result, columns, threads);
        return result;
    }

    /// <summary>D⁻¹ Fᵀ, [n, rank]: what spans most of the solutions of K̂ u = k.</summary>
    public double[] Basis()
    {
        var basis = new double[n * rank];
        for (int i = 0; i < n; i++)
            for (int k = 0; k < rank; k++)
                basis[i * rank + k] = factor[k * n + i] / diagonal[i];
        return basis;
    }

    private void DivideRows(double[] values, int columns)
    {
        for (int i = 0; i < n; i++)
        {
            var row = values.AsSpan(i * columns, columns);
            TensorPrimitives.Divide(row, diagonal[i], row);
        }
    }
}
