using System.Diagnostics;
using MathNet.Numerics.LinearAlgebra;
using ProbML.LinearAlgebra;

namespace ProbML.Benchmarks.LinearAlgebra;

/// <summary>GFLOP/s of the dense kernels on one thread, the hardware's limit, and MathNet's managed code.</summary>
internal static class LinearAlgebraBenchmark
{
    private static readonly int[] orders = [500, 1000, 2000];
    private static readonly int[] gramColumns = [50, 51, 64, 200];

    /// <summary>Prints the table. Each figure is the best of several runs: a busy machine shows least so.</summary>
    public static void Run()
    {
        Console.WriteLine($"{"",-52}{"GFLOP/s",10}{"ms",12}");
        Console.WriteLine($"{"FMA peak, registers only, one thread",-52}{FmaPeak.Measure(),10:f1}");
        foreach (var path in new[] { SimdPath.Vector512, SimdPath.Vector256, SimdPath.Scalar })
        {
            using (Simd.Force(path))
            {
                foreach (int n in path == SimdPath.Scalar ? orders[..1] : orders)
                    Products(path, n);
                foreach (int columns in gramColumns)
                    Gram(path, rows: 1280, columns, stride: columns);
                Gram(path, rows: 1280, columns: 51, stride: 64);
                Vectors(path, rows: 1280, columns: 51);
            }
        }
        MathNetManaged(1000);
    }

    private static void Products(SimdPath path, int n)
    {
        double cube = Math.Pow(n, 3);
        double[] a = Numbers(n * n), b = Numbers(n * n), c = new double[n * n], positive = PositiveDefinite(n);
        Report($"{path} GEMM {n}", 2 * cube, () => Gemm.Accumulate(n, n, n, 1, a, n, false, b, n, false, c, n));
        Report($"{path} GEMM A'B {n}", 2 * cube, () => Gemm.Accumulate(n, n, n, 1, a, n, true, b, n, false, c, n));
        Report($"{path} SYRK {n} (n^3)", cube, () => Syrk.Accumulate(n, n, 1, a, n, false, c, n));
        Report(
            $"{path} Cholesky {n} (n^3/3)",
            cube / 3,
            () => Cholesky.TryFactor(c, n, n, out _),
            prepare: () => positive.CopyTo(c, 0));
        Report(
            $"{path} inverse from factor {n} (2n^3/3)",
            2 * cube / 3,
            () => Cholesky.InvertFromFactor(c, n, n, a, n));
    }

    private static void Gram(SimdPath path, int rows, int columns, int stride)
    {
        double[] x = Numbers(rows * stride), weights = Numbers(rows), gram = new double[columns * columns];
        Report(
            $"{path} X'WX {rows} x {columns}, stride {stride} (np(p+1))",
            (double)rows * columns * (columns + 1),
            () => WeightedGram.Accumulate(x, rows, columns, stride, weights, gram));
    }

    private static void Vectors(SimdPath path, int rows, int columns)
    {
        double[] x = Numbers(rows * columns), b = Numbers(columns), v = Numbers(rows), m = Numbers(columns * columns);
        double flops = 2.0 * rows * columns;
        Report($"{path} X b {rows} x {columns}", flops, () => Gemv.Multiply(x, rows, columns, columns, b, v));
        Report(
            $"{path} X'v {rows} x {columns}",
            flops,
            () => Gemv.AccumulateTransposed(x, rows, columns, columns, v, b));
        Report(
            $"{path} x'Mx {rows} x {columns}",
            flops * (columns + 1),
            () => QuadraticForm.Rows(x, rows, columns, columns, m, columns, v));
        Report(
            $"{path} x'Mx 1 x {columns}",
            2.0 * columns * (columns + 1),
            () => QuadraticForm.Rows(x, 1, columns, columns, m, columns, v));
    }

    private static void MathNetManaged(int n)
    {
        MathNet.Numerics.Control.UseManaged();
        MathNet.Numerics.Control.UseSingleThread();
        var a = Matrix<double>.Build.Dense(n, n, Numbers(n * n));
        var positive = Matrix<double>.Build.Dense(n, n, PositiveDefinite(n));
        positive = (positive + positive.Transpose()) / 2;
        Report($"MathNet managed GEMM {n}", 2 * Math.Pow(n, 3), () => a.Multiply(a), runs: 2);
        Report($"MathNet managed Cholesky {n}", Math.Pow(n, 3) / 3, () => positive.Cholesky(), runs: 2);
    }

    private static void Report(string name, double flops, Action action, Action? prepare = null, int runs = 0)
    {
        runs = runs > 0 ? runs : (int)Math.Clamp(2e10 / flops, 5, 3000);
        var best = TimeSpan.MaxValue;
        for (int i = 0; i < runs; i++)
        {
            prepare?.Invoke();
            long start = Stopwatch.GetTimestamp();
            action();
            var elapsed = Stopwatch.GetElapsedTime(start);
            best = elapsed < best ? elapsed : best;
        }
        Console.WriteLine($"{name,-52}{flops / best.TotalSeconds / 1e9,10:f1}{best.TotalMilliseconds,12:f3}");
    }

    private static double[] Numbers(int count)
    {
        var random = new Random(1);
        var numbers = new double[count];
        foreach (ref double number in numbers.AsSpan())
            number = random.NextDouble() - 0.4;
        return numbers;
    }

    private static double[] PositiveDefinite(int n)
    {
        var a = Numbers(n * n);
        for (int i = 0; i < n; i++)
            a[(i * n) + i] += n;
        return a;
    }
}
