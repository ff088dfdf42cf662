using System.Diagnostics;
using System.Globalization;

namespace ProbML.Benchmarks;

/// <summary>Scoring over 4,000 draws of a posterior, on one thread: rows a second.</summary>
internal static class BayesScoring
{
    public static void Run()
    {
        const int rows = 2000, features = 10;
        var data = SyntheticRows.Create(rows, features, seed: 1);
        double[] x = [.. data.X.Select(value => (double)value)];
        double[] counts = [.. data.Counts.Select(value => (double)value)], classes = [.. data.Binary.Select(value => (double)value)];
        var nuts = Inference.Nuts(new() { Warmup = 300 });
        var logistic = new BayesianGlmFitter(new() { Inference = nuts }, PredictionTask.BinaryClassification)
            .Fit(new MatrixDesign(x, classes), TrainingMonitor.None);
        var poisson = new BayesianGlmFitter(new() { Family = Families.Poisson, Inference = nuts })
            .Fit(new MatrixDesign(x, counts), TrainingMonitor.None);
        Measure("logistic", logistic, [ColumnNames.Probability]);
        Measure("logistic", logistic, [.. logistic.Outputs.Select(column => column.Name)]);
        Measure("Poisson", poisson, [ColumnNames.Score]);
        Measure("Poisson", poisson, [ColumnNames.Score, ColumnNames.ScoreStandardDeviation]);
        Measure("Poisson", poisson, [.. poisson.Outputs.Select(column => column.Name)]);

        void Measure(string name, BayesianGlmModel model, string[] wanted)
        {
            bool[] active = [.. model.Outputs.Select(column => wanted.Contains(column.Name))];
            var values = new float[rows * active.Length];
            double[] label = name == "Poisson" ? counts : classes;
            double best = 0;
            for (int run = 0; run < 4; run++)
            {
                int done = 0;
                var watch = Stopwatch.StartNew();
                for (; done < rows && watch.Elapsed.TotalSeconds < 3; done += model.BlockSize)
                {
                    int count = Math.Min(model.BlockSize, rows - done);
                    model.Score(
                        new RowBlock(count, features, x.AsSpan(done * features), label.AsSpan(done, count)),
                        new OutputBlock(values.AsSpan(done * active.Length), active.Length, active));
                }
                best = Math.Max(best, Math.Min(done, rows) / watch.Elapsed.TotalSeconds);
            }
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name} x {features}, {model.DrawCount} draws, {(wanted.Length == active.Length ? "all columns" : string.Join(", ", wanted))}: {best:F0} rows a second"));
        }
    }
}
