using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>K ≈ Fᵀ F of low rank, a row of K at a time, each the row of the largest variance that is left.</summary>
/// <remarks>
/// Harbrecht, Peters &amp; Schneider (2012), On the Low-Rank Approximation by the Pivoted Cholesky Decomposition. The pivots are the
/// inducing inputs of Burt, Rasmussen &amp; van der Wilk (2020), §4.1: each has the greatest variance conditional on those before. O(n r²)
/// time and O(n r) memory; white noise is left out.
/// </remarks>
/// <param name="Factor">F, [rank, n], row-major.</param>
/// <param name="Pivots">The rows chosen, in their order, [rank].</param>
/// <param name="Remaining">The diagonal of K − Fᵀ F, [n].</param>
internal sealed record PivotedCholesky(double[] Factor, int[] Pivots, double[] Remaining)
{
    /// <summary>What is left of the largest variance where it is rounding alone.</summary>
    private const double Nothing = 1e-13;

    /// <summary>Rows of F; fewer than wanted where nothing was left.</summary>
    public int Rank => Pivots.Length;

    /// <summary>Factorises the covariance of inputs.</summary>
    /// <param name="kernel">The kernel, for the number of features.</param>
    /// <param name="x">The inputs, [n, d].</param>
    /// <param name="rank">The most rows of F.</param>
    /// <param name="tolerance">It ends where the largest variance left is this part of the largest there was.</param>
    /// <param name="monitor">Asked for cancellation.</param>
    public static PivotedCholesky Of(Kernel kernel, InputColumns x, int rank, double tolerance, TrainingMonitor monitor)
    {
        int n = x.Rows, most = Math.Min(rank, n), found = 0;
        if ((long)most * n > Array.MaxLength)
            throw new InvalidOperationException(
                $"A factor of {most} rows for {n} inputs has {(long)most * n} numbers, more than an array holds. Take fewer rows.");
        var (factor, left, pivots) = (new double[most * n], new double[n], new int[most]);
        Span<double> own = new double[x.Features];
        for (int i = 0; i < n; i++)
        {
            x.CopyRow(i, own);
            left[i] = kernel.Diagonal(own);
        }
        double enough = Math.Max(tolerance, Nothing) * TensorPrimitives.Max<double>(left);
        var column = new double[most];
        for (; found < most; found++)
        {
            monitor.ThrowIfCancelled();
            int pivot = TensorPrimitives.IndexOfMax<double>(left);
            if (!(left[pivot] > enough))
                break;
            var row = factor.AsSpan(found * n, n);
            x.CopyRow(pivot, own);
            kernel.Row(new KernelRow(own, x, 0, n), row);
            for (int k = 0; k < found; k++)
                column[k] = -factor[k * n + pivot];
            Gemv.AccumulateTransposed(factor, found, n, n, column, row);
            TensorPrimitives.Multiply(row, 1 / Math.Sqrt(left[pivot]), row);
            for (int i = 0; i < n; i++)
                left[i] = Math.Max(0, left[i] - row[i] * row[i]);
            left[pivot] = 0;
            pivots[found] = pivot;
        }
        return new(factor[..(found * n)], pivots[..found], left);
    }
}
