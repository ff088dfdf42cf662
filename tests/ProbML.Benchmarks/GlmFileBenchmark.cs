using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Benchmarks;

/// <summary>A logistic fit streamed from a large text file: rows a second, and the memory of the whole process.</summary>
internal static class GlmFileBenchmark
{
    public static int Run(string[] args)
    {
        string path = args[0];
        long rows = args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) : 10_000_000;
        int features = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 10;
        if (!File.Exists(path))
            Write(path, rows, features);
        var mlContext = new MLContext(seed: 1);
        var view = mlContext.Data.LoadFromTextFile(
            path,
            [new("Label", DataKind.Single, 0), new("Features", DataKind.Single, 1, features)],
            separatorChar: '\t');
        var watch = Stopwatch.StartNew();
        var progress = new Progress<TrainingProgress>(p => Console.WriteLine($"  iteration {p.Iteration}, {p.Elapsed.TotalSeconds:F1} s"));
        var model = mlContext.BinaryClassification.Trainers
            .LogisticRegression(monitor: new TrainingMonitor { Progress = progress }).Fit(view).Model;
        double seconds = watch.Elapsed.TotalSeconds;
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Statistics.Rows} rows x {features} from text, {new FileInfo(path).Length / 1e6:F0} MB: {seconds:F1} s, "
            + $"{model.Statistics.Iterations} iterations, peak memory of the process {process.PeakWorkingSet64 / 1e6:F0} MB"));
        return 0;
    }

    private static void Write(string path, long rows, int features)
    {
        using var file = new StreamWriter(path, false, new System.Text.UTF8Encoding(false), 1 << 20);
        var random = new Random(1);
        for (long i = 0; i < rows; i++)
        {
            double eta = -0.5;
            var line = new System.Text.StringBuilder();
            for (int j = 0; j < features; j++)
            {
                double x = Math.Round(2 * random.NextDouble() - 1, 3);
                eta += x * (j % 3 - 1);
                line.Append('\t').Append(x.ToString(CultureInfo.InvariantCulture));
            }
            file.Write(random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? '1' : '0');
            file.Write(line);
            file.Write('\n');
        }
    }
}
