using System.Diagnostics;
using System.Globalization;
using ProbML.GaussianProcesses;
using ProbML.LinearAlgebra;
using static TorchSharp.torch;

namespace ProbML.Benchmarks;

/// <summary>Likelihood with gradient, and products for conjugate gradients, by the managed code and by libtorch in one run.</summary>
internal static class GaussianProcessDevice
{
    private const int Features = 8, Columns = 11;

    /// <summary>Of more rows only products are timed: they hold no covariance.</summary>
    private const int MostExact = 20_000;

    /// <param name="args">Rows (4,000), device (auto).</param>
    public static void Run(string[] args)
    {
        int n = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 4_000;
        var name = TrainingDevice.Parse(args.Length > 1 ? args[1] : "auto", CultureInfo.InvariantCulture);
        var (x, y) = GaussianProcessBenchmark.Rows(n);
        using var matrix = new TorchCovarianceDevice { Device = name }.Open(x);
        var kernel = new RbfKernel { Variance = 1.5, Lengthscale = KernelVector.Create<double>(GaussianProcessBenchmark.Lengthscales()) };
        int runs = n > MostExact ? 1 : n > 3_000 ? 3 : 5;
        Console.WriteLine(
            $"{n} rows, RBF with {Features} lengthscales, device {name}, {Environment.ProcessorCount} cores; seconds, best of {runs} after one more");
        double[] noise = [.. Enumerable.Repeat(0.02, n)];
        if (n <= MostExact)
            Exact(matrix, kernel, noise, y, name, runs);
        Products(matrix, kernel, noise, runs);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"peak memory of the process: {process.PeakWorkingSet64 >> 20} MiB");
    }

    private static void Exact(CovarianceMatrix matrix, Kernel kernel, double[] noise, double[] y, TrainingDevice name, int runs)
    {
        int n = y.Length, threads = Environment.ProcessorCount;
        double[] factor = new double[n * n], inverse = new double[n * n];
        double value = 0, other = 0;
        double managed = Best(runs, () => value = Likelihood(ManagedFactor.Of(kernel, matrix.X, noise, 0, factor, inverse, threads)!, y));
        double device = Best(runs, () => other = Likelihood(matrix.Factor(kernel, noise, 0)!, y));
        Print("likelihood + gradient", managed, device, $"values differ by {Math.Abs(value / other - 1):E1}");
        GramMatrix.Lower(kernel, matrix.X, inverse, threads);
        for (int i = 0; i < n; i++)
            inverse[i * n + i] += noise[i];
        using var scope = NewDisposeScope();
        var gram = tensor(inverse, [n, n], ScalarType.Float64).to(name.Resolve(TrainingMonitor.None));
        managed = Best(runs, () => inverse.CopyTo(factor, 0), () => Cholesky.TryFactor(factor, n, n, out _, threads));
        Print("  Cholesky", managed, Best(runs, () => Wait(linalg.cholesky_ex(gram).L)));
        var lower = linalg.cholesky_ex(gram).L;
        managed = Best(runs, () => Cholesky.InvertFromFactor(factor, n, n, inverse, n, threads));
        Print("  inverse", managed, Best(runs, () => Wait(cholesky_inverse(lower))));
    }

    private static void Products(CovarianceMatrix matrix, Kernel kernel, double[] noise, int runs)
    {
        var vectors = new double[noise.Length * Columns];
        RandomNormal.Fill(new Random(1), vectors);
        var product = new KernelOperator(kernel, matrix.X, noise, Environment.ProcessorCount);
        double managed = Best(runs, () => product.Multiply(vectors, Columns, TrainingMonitor.None));
        double device = Best(runs, () => matrix.Multiply(kernel, noise, vectors, Columns));
        Print($"product with {Columns} vectors", managed, device, string.Create(
            CultureInfo.InvariantCulture, $"{1 / managed:F2} and {1 / device:F2} products a second"));
    }

    private static double Likelihood(CovarianceFactor factor, double[] y)
    {
        using var _ = factor;
        double[] alpha = [.. y], diagonal = new double[y.Length];
        factor.Solve(alpha);
        double[] gradient = factor.Gradient(alpha, diagonal);
        return -0.5 * (alpha.Zip(y, (one, two) => one * two).Sum() + factor.LogDeterminant) + 0 * gradient[0];
    }

    private static void Wait(Tensor tensor)
    {
        using var one = tensor.diagonal().sum();
        one.item<double>();                                          // a GPU is done when its number is here
        tensor.Dispose();
    }

    private static double Best(int runs, Action run) => Best(runs, static () => { }, run);

    private static double Best(int runs, Action prepare, Action run)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i <= runs; i++)
        {
            prepare();
            var watch = Stopwatch.StartNew();
            run();
            best = i == 0 ? best : Math.Min(best, watch.Elapsed.TotalSeconds);
        }
        return best;
    }

    private static void Print(string what, double managed, double device, string more = "") => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what,-28} managed {managed,8:F3}   libtorch {device,8:F3}   managed/libtorch {managed / device,6:F2}   {more}"));
}
