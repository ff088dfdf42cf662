namespace ProbML.GaussianProcesses;

/// <summary>Kernel matrices of rows of inputs, computed a row at a time on several threads.</summary>
internal static class GramMatrix
{
    /// <summary>Rows of a gradient's sum that belong together: the sum does not depend on the number of threads.</summary>
    private const int Chunk = 32;

    /// <summary>K(X, X), its lower triangle, white noise included, [n, n].</summary>
    public static void Lower(Kernel kernel, InputColumns x, double[] values, int threads)
    {
        int n = x.Rows;
        ForRows(n, threads, i =>
        {
            Span<double> row = stackalloc double[x.Features];
            x.CopyRow(i, row);
            kernel.Row(new KernelRow(row, x, 0, i + 1, self: i), values.AsSpan(i * n, i + 1));
        });
    }

    /// <summary>K(X, X), both triangles, white noise included, [n, n].</summary>
    public static double[] Full(Kernel kernel, InputColumns x, int threads)
    {
        int n = x.Rows;
        var values = new double[n * n];
        Lower(kernel, x, values, threads);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++)
                values[j * n + i] = values[i * n + j];
        return values;
    }

    /// <summary>K(X, Z), [n, m], no row of X being one of Z.</summary>
    public static void Cross(Kernel kernel, InputColumns x, InputColumns z, double[] values, int threads) =>
        Cross(kernel, x, z, 0, z.Rows, values, threads);

    /// <summary>K(X, Z) for a run of the rows of Z, [n, count].</summary>
    public static void Cross(Kernel kernel, InputColumns x, InputColumns z, int from, int count, double[] values, int threads) =>
        ForRows(x.Rows, threads, i =>
        {
            Span<double> row = stackalloc double[x.Features];
            x.CopyRow(i, row);
            kernel.Row(new KernelRow(row, z, from, count), values.AsSpan(i * count, count));
        });

    /// <summary>Σᵢⱼ Wᵢⱼ ∂Kᵢⱼ/∂φ for each free parameter φ, W symmetric and given by its rows' lower parts.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="weights">Fills w of a row: Wᵢⱼ for j ≤ i.</param>
    /// <param name="threads">The most threads to use.</param>
    public static double[] Gradient(Kernel kernel, InputColumns x, WeightRow weights, int threads)
    {
        int n = x.Rows, count = kernel.ParameterCount, chunks = (n + Chunk - 1) / Chunk;
        var parts = new double[chunks * count];
        ForRows(chunks, threads, chunk =>
        {
            Span<double> row = stackalloc double[x.Features];
            var w = new double[Math.Min(n, (chunk + 1) * Chunk)];
            var gradient = parts.AsSpan(chunk * count, count);
            for (int i = chunk * Chunk; i < Math.Min(n, (chunk + 1) * Chunk); i++)
            {
                var part = w.AsSpan(0, i + 1);
                weights(i, part);
                for (int j = 0; j < i; j++)
                    part[j] *= 2;                            // Wᵢⱼ and Wⱼᵢ
                x.CopyRow(i, row);
                kernel.AddGradient(new KernelRow(row, x, 0, i + 1, self: i), part, gradient);
            }
        });
        var sum = new double[count];
        for (int chunk = 0; chunk < chunks; chunk++)
            for (int k = 0; k < count; k++)
                sum[k] += parts[chunk * count + k];
        return sum;
    }

    /// <summary>Fills Wᵢⱼ for j ≤ i.</summary>
    public delegate void WeightRow(int row, Span<double> weights);

    private static void ForRows(int rows, int threads, Action<int> body) =>
        Parallel.For(0, rows, new ParallelOptions { MaxDegreeOfParallelism = threads }, body);
}
