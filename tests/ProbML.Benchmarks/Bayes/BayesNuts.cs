using System.Diagnostics;
using System.Globalization;

namespace ProbML.Benchmarks;

/// <summary>NUTS on a logistic regression of 1,000 rows by 10 features: effective draws a second.</summary>
internal static class BayesNuts
{
    public static void Run()
    {
        const int n = 1000, d = 10;
        var random = new Random(1);
        double[] beta = [.. Enumerable.Range(0, d).Select(j => 0.8 * Math.Sin(j + 1))], x = new double[n * d], y = new double[n];
        for (int i = 0; i < n; i++)
        {
            double eta = -0.5;
            for (int j = 0; j < d; j++)
                eta += beta[j] * (x[i * d + j] = Math.Round(NormalDistribution.Quantile(random.NextDouble()), 4));
            y[i] = random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0;
        }
        if (Environment.GetEnvironmentVariable("PROBML_BENCHMARK_DATA") is { } folder)
            File.WriteAllLines(
                Path.Combine(folder, "bayes_logistic.csv"),
                [
                    string.Join(",", Enumerable.Range(1, d).Select(j => $"x{j}").Append("y")),
                    .. Enumerable.Range(0, n).Select(i => string.Join(
                        ",", x[(i * d)..(i * d + d)].Append(y[i]).Select(v => v.ToString("R", CultureInfo.InvariantCulture)))),
                ]);
        var design = new MatrixDesign(x, y);
        var options = new BayesianGlmOptions
        {
            Priors = new() { Default = new NormalPrior(0, 2.5), Intercept = new NormalPrior(0, 2.5) },
            Inference = Inference.Nuts(),
        };
        new BayesianGlmFitter(options, PredictionTask.BinaryClassification).Fit(design, TrainingMonitor.None);   // compiled
        for (int run = 0; run < 3; run++)
        {
            var watch = Stopwatch.StartNew();
            var model = new BayesianGlmFitter(options with { Seed = run + 1 }, PredictionTask.BinaryClassification).Fit(design, TrainingMonitor.None);
            double seconds = watch.Elapsed.TotalSeconds;
            var q = model.Diagnostics!;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"NUTS, logistic {n} x {d}, 4 chains of 1000 + 1000: {seconds:F2} s, smallest bulk ESS {q.MinimumBulkEffectiveSize:F0} "
                + $"({q.MinimumBulkEffectiveSize / seconds:F0} a second, adaptation included), tail ESS {q.MinimumTailEffectiveSize:F0}, "
                + $"largest R-hat {q.MaximumRHat:F4}, divergences {q.Divergences}"));
        }
    }
}
