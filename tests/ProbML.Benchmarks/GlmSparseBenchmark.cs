using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Benchmarks;

/// <summary>Ridge fits of one-hot columns and dense numbers in memory, through ML.NET; peer_glm_sparse.py fits the same rows.</summary>
/// <remarks>glm-sparse [rows] [dense columns] [levels of each one-hot column, with commas]</remarks>
internal static class GlmSparseBenchmark
{
    public static int Run(string[] args)
    {
        int rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        int dense = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;
        int[] levels = args.Length > 2 ? [.. args[2].Split(',').Select(int.Parse)] : [10_000];
        var data = SparseRows.Create(rows, levels, dense, seed: 1);
        if (Environment.GetEnvironmentVariable("PROBML_BENCHMARK_DATA") is { } folder)
            data.Write(folder);
        var mlContext = new MLContext(seed: 1);
        var view = View(mlContext, data);
        Console.WriteLine($"{rows} rows x {data.FeatureCount} features ({string.Join(" + ", levels)} one-hot, {dense} dense), {Environment.ProcessorCount} cores");
        foreach (double l2 in (double[])[1, 0])
        {
            Measure("logistic", data, l2, () => mlContext.BinaryClassification.Trainers.Glm(
                new() { L2 = l2 }, "Binary").Fit(view).Model);
            Measure("poisson", data, l2, () => mlContext.Regression.Trainers.Glm(
                new() { Family = Families.Poisson, L2 = l2 }, "Counts").Fit(view).Model);
        }
        return 0;
    }

    private static void Measure(string name, SparseRows data, double l2, Func<GlmModel> fit)
    {
        GlmModel? model = null;
        double best = double.PositiveInfinity, busy = double.PositiveInfinity;
        long before = 0, peak = 0;
        using var watching = new Timer(_ => peak = Math.Max(peak, Environment.WorkingSet), null, 0, 5);
        for (int run = 0; run < 3; run++)
        {
            if (run == 0)
            {
                GC.Collect();
                before = Environment.WorkingSet;
            }
            var cpu = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            model = fit();
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
            busy = Math.Min(busy, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        }
        long entries = (long)data.Rows * (data.Levels.Length + data.Dense);
        using var saved = new MemoryStream();
        using (var writer = new BinaryWriter(saved, System.Text.Encoding.UTF8, true))
            model!.Write(writer);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ProbML {name,-9} L2 = {l2}: {best,7:F3} s ({busy:F3} s of processor time; {best / entries * 1e9:F1} ns a non-zero), "
            + $"{model.Statistics.Iterations} iterations, objective {model.Statistics.Objective:F6}, {model.Statistics.Status}, "
            + $"{(peak - before) / 1e6:F0} MB above the data, model {saved.Length / 1e6:F1} MB, "
            + $"{model.Coefficients.Count(c => double.IsFinite(c.StandardError))} standard errors"));
    }

    private static IDataView View(MLContext mlContext, SparseRows data)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, data.FeatureCount);
        int groups = data.Levels.Length, width = groups + data.Dense;
        var rows = new Row[data.Rows];
        for (int i = 0; i < rows.Length; i++)
        {
            var (values, places) = (new float[width], new int[width]);
            int first = 0;
            for (int c = 0; c < groups; c++)
            {
                (places[c], values[c]) = (first + data.Level[(long)i * groups + c], 1);
                first += data.Levels[c];
            }
            for (int j = 0; j < data.Dense; j++)
                (places[groups + j], values[groups + j]) = (first + j, data.X[(long)i * data.Dense + j]);
            rows[i] = new Row
            {
                Features = new VBuffer<float>(data.FeatureCount, width, values, places),
                Binary = data.Binary[i] == 1,
                Counts = data.Counts[i],
            };
        }
        return mlContext.Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Row
    {
        public VBuffer<float> Features { get; set; }

        public bool Binary { get; set; }

        public float Counts { get; set; }
    }
}
