using System.Diagnostics;
using System.Globalization;
using ProbML.GaussianProcesses;

namespace ProbML.Benchmarks;

/// <summary>Evidences of two classes with their gradients, beside scikit-learn's in the same run.</summary>
internal static class GaussianProcessClassBenchmark
{
    private const int Features = 8;

    public static int Run()
    {
        Console.WriteLine($"Evidence and gradient of two classes, RBF with {Features} lengthscales, logistic, from no start, {Environment.ProcessorCount} cores");
        Console.WriteLine("     n  Laplace s  scikit-learn s   faster  value differs  Laplace probit s     EP probit s   variational s");
        foreach (int n in (int[])[500, 1_000, 2_000])
        {
            var (x, y) = Rows(n);
            var kernel = new RbfKernel
            {
                Variance = 1.5,
                Lengthscale = KernelVector.Create<double>([.. Enumerable.Range(0, Features).Select(j => 0.8 + 0.8 * j / (Features - 1))]),
            };
            int runs = n > 1_500 ? 2 : 3;
            var (seconds, value) = Best(Classes(Links.Logit), PosteriorApproximation.Laplace);
            string[] cells = Peer(n, runs)?.Split(' ') ?? [];
            double theirs = cells.Length > 1 ? double.Parse(cells[0], CultureInfo.InvariantCulture) : double.NaN;
            double other = cells.Length > 1 ? double.Parse(cells[1], CultureInfo.InvariantCulture) : double.NaN;
            double probit = Best(Classes(Links.Probit), PosteriorApproximation.Laplace).Seconds;
            double matched = Best(Classes(Links.Probit), PosteriorApproximation.ExpectationPropagation).Seconds;
            double closest = Best(Classes(Links.Logit), PosteriorApproximation.Variational).Seconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{n,6} {seconds,10:F3} {theirs,15:F3} {theirs / seconds,8:F1} {Math.Abs(other / value - 1),14:E1} {probit,17:F3} {matched,15:F3} {closest,15:F3}"));

            (double Seconds, double Value) Best(LatentLikelihood likelihood, PosteriorApproximation approximation)
            {
                double best = double.PositiveInfinity, found = 0;
                for (int run = 0; run < runs; run++)
                {
                    var watch = Stopwatch.StartNew();
                    var posterior = ApproximatePosterior.Condition(kernel, likelihood, x, y, approximation);
                    var gradient = posterior.Gradient();
                    best = Math.Min(best, watch.Elapsed.TotalSeconds);
                    found = posterior.LogEvidence + 0 * gradient.MeanConstant;
                }
                return (best, found);
            }
        }
        return 0;
    }

    private static BernoulliLikelihood Classes(ILinkFunction link) => new(link);

    /// <summary>The rows that peer_gp_class.py makes.</summary>
    private static (InputColumns X, double[] Y) Rows(int n)
    {
        var rows = new double[n * Features];
        for (int k = 0; k < rows.Length; k++)
        {
            double noise = Math.Abs(Math.Sin((k + 1) * 12.9898) * 43758.5453);
            rows[k] = (noise - Math.Floor(noise)) * 2 - 1;
        }
        double[] y = [.. Enumerable.Range(0, n).Select(i => i * Features).Select(at =>
            Math.Sin(3 * rows[at]) + rows[at + 1] * rows[at + 1] - 0.5 * rows[at + 2] + 0.3 * Math.Sin(1000 * rows[at + 3]) > 0.2 ? 1.0 : 0)];
        return (InputColumns.FromRows(rows, Features), y);
    }

    /// <summary>What the peer prints; null: there is none on this machine.</summary>
    private static string? Peer(int n, int runs)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "peer_gp_class.py");
        try
        {
            using var process = Process.Start(new ProcessStartInfo(
                Environment.GetEnvironmentVariable("PROBML_PYTHON") ?? "python3", [script, $"{n}", $"{Features}", $"{runs}"])
            {
                RedirectStandardOutput = true,
            });
            string? line = process?.StandardOutput.ReadLine();
            process?.WaitForExit();
            return process?.ExitCode == 0 ? line : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
