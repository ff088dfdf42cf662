using System.Diagnostics;
using System.Globalization;

namespace ProbML.Benchmarks;

/// <summary>A path of 100 penalties over dense rows in memory, without early stopping.</summary>
internal static class GlmPathBenchmark
{
    public static int Run(string[] args)
    {
        int rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        int features = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 50;
        var data = SyntheticRows.Create(rows, features, seed: 1);
        if (Environment.GetEnvironmentVariable("PROBML_BENCHMARK_DATA") is { } folder)
            data.Write(folder);
        double[] x = [.. data.X.Select(value => (double)value)];
        var classes = new MatrixDesign(x, [.. data.Binary.Select(value => (double)value)]);
        var counts = new MatrixDesign(x, [.. data.Counts.Select(value => (double)value)]);
        Console.WriteLine($"{rows} rows x {features} features, {Environment.ProcessorCount} cores, 100 lambdas");
        foreach (int? folds in (int?[])[null, 10])
        {
            Measure("logistic", classes, Families.Bernoulli, folds, 1e-7);
            Measure("logistic", classes, Families.Bernoulli, folds, 3e-5);
            Measure("poisson", counts, Families.Poisson, folds, 1e-7);
            Measure("gaussian", counts, Families.Gaussian, folds, 1e-7);
        }
        return 0;
    }

    private static void Measure(string name, Design design, IFamily family, int? folds, double tolerance)
    {
        var task = family is BernoulliFamily ? PredictionTask.BinaryClassification : PredictionTask.Regression;
        var fitter = new GlmPathFitter(
            new() { Folds = folds, StopEarly = false, Tolerance = tolerance }, new() { Family = family }, task);
        var counter = new Counter();
        double best = double.PositiveInfinity, busy = double.PositiveInfinity;
        GlmPath path = null!;
        for (int run = 0; run < (folds is null ? 3 : 1); run++)
        {
            counter.Passes = 0;
            var watch = Stopwatch.StartNew();
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            path = fitter.FitPath(design, new TrainingMonitor { Progress = counter });
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
            busy = Math.Min(busy, (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds);
        }
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-9} folds {folds ?? 0,2}, tolerance {tolerance:E0}: {best,7:F3} s ({busy:F2} s of processor time), {counter.Passes} passes, "
            + $"{path.NonZeroCounts[^1]} of {design.FeatureCount} coefficients at the end, ratio {path.DevianceRatios[^1]:F5}"));
    }

    private sealed class Counter : IProgress<TrainingProgress>
    {
        public int Passes { get; set; }

        public void Report(TrainingProgress value) => Passes = value.Iteration;
    }
}
