using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Benchmarks;

/// <summary>Seconds and bytes of a report, by rows; and of scoring the same rows, which a report has to do.</summary>
internal static class ReportBenchmark
{
    private const int Features = 10;

    public static int Run(string[] args)
    {
        int[] counts = args.Length > 0 ? [.. args.Select(rows => int.Parse(rows, CultureInfo.InvariantCulture))] : [10_000, 100_000, 1_000_000];
        Console.WriteLine($"{Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Trim()}; logistic and Poisson, {Features} features");
        Once(1_000, print: false);                               // what is compiled once
        foreach (int rows in counts)
            Once(rows, print: true);
        return 0;
    }

    private static void Once(int rows, bool print)
    {
        var mlContext = new MLContext(seed: 1);
        var data = SyntheticRows.Create(rows, Features, seed: 1);
        var view = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i => new Row
        {
            Features = data.X[(i * Features)..((i + 1) * Features)], IsTrue = data.Binary[i] > 0, Count = data.Counts[i],
        }));
        Report("logistic", mlContext.BinaryClassification.Trainers.LogisticRegression(nameof(Row.IsTrue)).Fit(view));
        Report("Poisson", mlContext.Regression.Trainers.PoissonRegression(nameof(Row.Count)).Fit(view));

        void Report(string name, ITransformer model)
        {
            var watch = Stopwatch.StartNew();
            foreach (float _ in model.Transform(view).GetColumn<float>("Score"))
            {
            }
            double scoring = watch.Elapsed.TotalSeconds;
            GC.Collect();
            long before = GC.GetTotalAllocatedBytes(precise: true);
            var processor = Process.GetCurrentProcess().TotalProcessorTime;
            watch.Restart();
            string page = model.CreateReport(view).ToHtml();
            double seconds = watch.Elapsed.TotalSeconds;
            double busy = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds;
            long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            if (print)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-10} {rows,10:N0} rows  report {seconds,6:F2} s ({busy,6:F2} s of processor time), page {Encoding.UTF8.GetByteCount(page) / 1024.0,6:F0} KB, "
                    + $"allocated {allocated / 1e6,7:F0} MB, peak of the process {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6,5:F0} MB; scoring alone {scoring:F2} s"));
            }
        }
    }

    private sealed class Row
    {
        [VectorType(ReportBenchmark.Features)] public float[] Features { get; set; } = [];

        public bool IsTrue { get; set; }

        public float Count { get; set; }
    }
}
