using System.Diagnostics;
using System.Globalization;
using ProbML.GaussianProcesses;
using ProbML.LinearAlgebra;

namespace ProbML.Benchmarks;

/// <summary>Marginal likelihoods with their gradients beside scikit-learn's in the same run, predictions, and the UCI protocol.</summary>
internal static class GaussianProcessBenchmark
{
    private const int Features = 8;

    public static int Run(string[] args)
    {
        switch (args.Length > 0 ? args[0] : "")
        {
            case "uci":
                GaussianProcessUci.Run([.. args.Skip(1)]);
                return 0;
            case "outputs":
                GaussianProcessOutputs.Run();
                return 0;
            case "device":
                GaussianProcessDevice.Run([.. args.Skip(1)]);
                return 0;
            case "predict":
                Predict();
                return 0;
            default:
                Likelihoods();
                Predict();
                return 0;
        }
    }

    private static void Likelihoods()
    {
        Console.WriteLine($"Log marginal likelihood and gradient, RBF with {Features} lengthscales, {Environment.ProcessorCount} cores");
        Console.WriteLine("     n   ProbML s   Cholesky s   inverse s   scikit-learn s   faster   value differs   ours MB   theirs MB (process)");
        foreach (int n in (int[])[1_000, 2_000, 4_000])
        {
            var (x, y) = Rows(n);
            var kernel = new RbfKernel { Variance = 1.5, Lengthscale = KernelVector.Create<double>(Lengthscales()) };
            double[] factor = new double[n * n], inverse = new double[n * n];
            int threads = Environment.ProcessorCount, runs = n > 3_000 ? 3 : 5;
            double best = double.PositiveInfinity, cholesky = best, inverting = best, value = 0;
            long allocated = GC.GetTotalAllocatedBytes();
            for (int run = 0; run <= runs; run++)
            {
                if (run == 1)
                    allocated = GC.GetTotalAllocatedBytes();
                var watch = Stopwatch.StartNew();
                var posterior = ExactPosterior.TryCondition(
                    kernel, 0.02, x, y, [], 0, threads, ExactPosterior.Managed(kernel, x, 0, factor, inverse, threads))!;
                var gradient = posterior.Gradient();
                best = Math.Min(best, watch.Elapsed.TotalSeconds);
                value = posterior.LogMarginalLikelihood + 0 * gradient.MeanConstant;
            }
            allocated = (GC.GetTotalAllocatedBytes() - allocated) / runs;
            for (int run = 0; run < runs; run++)                 // the limit: the machine's factor and inverse of such a matrix
            {
                GramMatrix.Lower(kernel, x, factor, threads);
                for (int i = 0; i < n; i++)
                    factor[i * n + i] += 0.02;
                var watch = Stopwatch.StartNew();
                Cholesky.TryFactor(factor, n, n, out _, threads);
                cholesky = Math.Min(cholesky, watch.Elapsed.TotalSeconds);
                watch.Restart();
                Cholesky.InvertFromFactor(factor, n, n, inverse, n, threads);
                inverting = Math.Min(inverting, watch.Elapsed.TotalSeconds);
            }
            string? peer = Peer(n, runs);
            string[] cells = peer?.Split(' ') ?? [];
            double theirs = cells.Length > 0 ? double.Parse(cells[0], CultureInfo.InvariantCulture) : double.NaN;
            double other = cells.Length > 0 ? double.Parse(cells[2], CultureInfo.InvariantCulture) : double.NaN;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{n,6} {best,10:F3} {cholesky,12:F3} {inverting,11:F3} {theirs,16:F3} {theirs / best,8:F1} {Math.Abs(other / value - 1),15:E1} "
                + $"{(16.0 * n * n + allocated) / 1e6,9:F0} {(cells.Length > 0 ? cells[4] : "-"),11}"));
        }
    }

    private static void Predict()
    {
        const int Rows = 100_000;
        Console.WriteLine($"Mean and variance of {Rows} rows in batches:");
        foreach (int n in (int[])[500, 1_000, 2_000])
        {
            var (x, y) = GaussianProcessBenchmark.Rows(n);
            var kernel = new RbfKernel { Variance = 1.5, Lengthscale = KernelVector.Create<double>(Lengthscales()) };
            var posterior = ExactPosterior.Condition(kernel, 0.02, x, y).ToLatent();
            var (inputs, _) = GaussianProcessBenchmark.Rows(Rows);
            double[] mean = new double[Rows], variance = new double[Rows];
            posterior.Predict(inputs, mean, variance);
            long allocated = GC.GetTotalAllocatedBytes();
            var watch = Stopwatch.StartNew();
            posterior.Predict(inputs, mean, variance);
            double both = watch.Elapsed.TotalSeconds;
            allocated = GC.GetTotalAllocatedBytes() - allocated;
            watch.Restart();
            posterior.Predict(inputs, mean, default);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{n,6} training rows: {both:F2} s ({Rows / both:F0} rows/s, {1e-9 * Rows * n * n / both:F1} GFlop/s of triangular solves), the mean "
                + $"alone {watch.Elapsed.TotalSeconds:F2} s; {allocated / 1e6:F1} MB allocated"));
        }
    }

    internal static double[] Lengthscales() => [.. Enumerable.Range(0, Features).Select(j => 0.8 + 0.8 * j / (Features - 1))];

    /// <summary>The rows that peer_gp.py makes, too.</summary>
    internal static (InputColumns X, double[] Y) Rows(int n)
    {
        var x = new double[n * Features];
        for (int k = 0; k < x.Length; k++)
            x[k] = Math.Abs(Math.Sin((k + 1) * 12.9898) * 43758.5453) % 1 * 2 - 1;
        var y = new double[n];
        for (int i = 0; i < n; i++)
        {
            var row = x.AsSpan(i * Features, Features);
            y[i] = Math.Sin(3 * row[0]) + row[1] * row[1] - 0.5 * row[2] + 0.1 * Math.Sin(1000 * row[3]);
        }
        return (InputColumns.FromRows(x, Features), y);
    }

    /// <summary>The last line of the peer; null where there is no scikit-learn. PROBML_PYTHON names another interpreter.</summary>
    private static string? Peer(int n, int runs)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "peer_gp.py");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("PROBML_PYTHON") ?? "python3")
        {
            RedirectStandardOutput = true,
            ArgumentList = { script, n.ToString(CultureInfo.InvariantCulture), "8", runs.ToString(CultureInfo.InvariantCulture) },
        };
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 && output.Length > 0 ? output.Split('\n')[^1] : null;
    }
}
