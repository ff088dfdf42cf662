using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>K̂ = K(X, X) + D as something that multiplies: its rows are computed when they are needed, and forgotten.</summary>
/// <param name="kernel">k, for the number of features.</param>
/// <param name="x">X, [n, d].</param>
/// <param name="noise">The diagonal of D without white noise, [n]; white noise is the kernel's.</param>
/// <param name="threads">The most threads; the result is the same for any number.</param>
/// <param name="device">The same on a device; null: the managed code multiplies.</param>
internal sealed class KernelOperator(Kernel kernel, InputColumns x, double[] noise, int threads, CovarianceMatrix? device = null)
{
    /// <summary>Rows of K̂ at once, a thread: enough for a matrix product to be one.</summary>
    private const int Block = 32;

    /// <summary>k.</summary>
    public Kernel Kernel => kernel;

    /// <summary>X.</summary>
    public InputColumns X => x;

    /// <summary>n.</summary>
    public int Rows => x.Rows;

    /// <summary>The diagonal of K̂ − K without white noise, [n].</summary>
    public double[] Noise => noise;

    /// <summary>Where it is computed; null: by the managed code.</summary>
    public CovarianceMatrix? Device => device;

    /// <summary>The most threads.</summary>
    public int NumberOfThreads => threads;

    /// <summary>K̂ B, [n, columns].</summary>
    public double[] Multiply(double[] b, int columns, TrainingMonitor monitor)
    {
        monitor.ThrowIfCancelled();
        if (device is not null)
            return device.Multiply(kernel, noise, b, columns);
        int n = Rows, blocks = (n + Block - 1) / Block;
        var product = new double[n * columns];
        Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, block =>
        {
            int from = block * Block, count = Math.Min(Block, n - from);
            using var rented = new RentedNumbers(count * n);
            var rows = rented.Take(count * n);
            Span<double> own = stackalloc double[x.Features];
            for (int i = 0; i < count; i++)
            {
                x.CopyRow(from + i, own);
                kernel.Row(new KernelRow(own, x, 0, n, self: from + i), rows.Slice(i * n, n));
                rows[i * n + from + i] += noise[from + i];
            }
            Gemm.Accumulate(
                count, columns, n, 1, rows, n, false, b, columns, false, product.AsSpan(from * columns, count * columns), columns);
        });
        return product;
    }

    /// <summary>The white noise of each row, [n].</summary>
    public double[] White()
    {
        var white = new double[Rows];
        Span<double> own = new double[x.Features];
        for (int i = 0; i < white.Length; i++)
        {
            x.CopyRow(i, own);
            white[i] = kernel.WhiteDiagonal(own);
        }
        return white;
    }
}
