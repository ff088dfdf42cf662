using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Benchmarks;

/// <summary>Logistic and Poisson fits of dense rows in memory, through ML.NET; peer_glm.py fits the same rows.</summary>
internal static class GlmBenchmark
{
    public static int Run(string[] args)
    {
        int rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        int features = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 50;
        var data = SyntheticRows.Create(rows, features, seed: 1);
        string? folder = Environment.GetEnvironmentVariable("PROBML_BENCHMARK_DATA");
        if (folder is not null)
            data.Write(folder);
        var mlContext = new MLContext(seed: 1);
        var view = View(mlContext, data);
        Console.WriteLine($"{rows} rows x {features} features, {Environment.ProcessorCount} cores");
        Measure("logistic", data, () => mlContext.BinaryClassification.Trainers.LogisticRegression("Binary").Fit(view).Model);
        Measure("poisson", data, () => mlContext.Regression.Trainers.PoissonRegression("Counts").Fit(view).Model);
        if (folder is not null)
            Compare(Path.Combine(folder, "coefficients.csv"));
        return 0;
    }

    private static readonly Dictionary<string, GlmModel> Models = [];

    private static void Measure(string name, SyntheticRows data, Func<GlmModel> fit)
    {
        var watch = Stopwatch.StartNew();
        var model = fit();
        double first = watch.Elapsed.TotalSeconds, best = double.PositiveInfinity, busy = double.PositiveInfinity;
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        long before = process.WorkingSet64, peak = 0;
        using var watching = new Timer(_ => peak = Math.Max(peak, Environment.WorkingSet), null, 0, 5);
        for (int run = 0; run < 5; run++)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            watch.Restart();
            model = fit();
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
            busy = Math.Min(busy, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        }
        Models[name] = model;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ProbML {name,-9} {best,7:F3} s (first run {first:F3} s; {busy:F3} s of processor time), {data.Rows / best / 1e6:F2} million rows/s, "
            + $"{model.Statistics.Iterations} iterations, {(peak - before) / 1e6:F0} MB above the data"));
    }

    /// <summary>Compares with coefficients the peer wrote: name, index, value, standard error.</summary>
    private static void Compare(string path)
    {
        if (!File.Exists(path))
            return;
        double largest = 0, largestError = 0;
        foreach (string[] field in File.ReadLines(path).Select(line => line.Split(',')))
        {
            var mine = Models[field[0]].Coefficients[int.Parse(field[1], CultureInfo.InvariantCulture)];
            double value = double.Parse(field[2], CultureInfo.InvariantCulture), error = double.Parse(field[3], CultureInfo.InvariantCulture);
            largest = Math.Max(largest, Math.Abs(mine.Estimate - value) / error);
            largestError = Math.Max(largestError, Math.Abs(mine.StandardError / error - 1));
        }
        Console.WriteLine($"Largest difference from statsmodels: {largest:E1} standard errors; of standard errors {largestError:E1}.");
    }

    private static IDataView View(MLContext mlContext, SyntheticRows data)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, data.Features);
        var rows = new Row[data.Rows];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new Row
            {
                Features = data.X.AsSpan(i * data.Features, data.Features).ToArray(),
                Binary = data.Binary[i] == 1,
                Counts = data.Counts[i],
            };
        }
        return mlContext.Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public bool Binary { get; set; }

        public float Counts { get; set; }
    }
}
