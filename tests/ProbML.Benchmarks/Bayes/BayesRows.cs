using System.Diagnostics;
using System.Globalization;

namespace ProbML.Benchmarks;

/// <summary>A million rows of 50 features: evidence, ARD and Laplace, time and memory beyond the data.</summary>
internal static class BayesRows
{
    public static void Run()
    {
        const int rows = 1_000_000, features = 50;
        var data = SyntheticRows.Create(rows, features, seed: 1);
        double[] x = [.. data.X.Select(value => (double)value)];
        var counts = new MatrixDesign(x, [.. data.Counts.Select(value => (double)value)]);
        var classes = new MatrixDesign(x, [.. data.Binary.Select(value => (double)value)]);
        Measure("evidence", () => new BayesianLinearFitter().Fit(counts, TrainingMonitor.None));
        Measure("ARD", () => new BayesianLinearFitter(new() { Inference = LinearInference.AutomaticRelevance() }).Fit(counts, TrainingMonitor.None));
        Measure("logistic, Laplace", () => new BayesianGlmFitter(null, PredictionTask.BinaryClassification).Fit(classes, TrainingMonitor.None));

        static void Measure(string name, Action fit)
        {
            long before = GC.GetTotalAllocatedBytes();
            double best = double.PositiveInfinity;
            for (int run = 0; run < 2; run++)
            {
                var watch = Stopwatch.StartNew();
                fit();
                best = Math.Min(best, watch.Elapsed.TotalSeconds);
            }
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-20} {rows} x {features}: {best:F2} s, {(GC.GetTotalAllocatedBytes() - before) / 2e6:F0} MB allocated a fit"));
        }
    }
}
