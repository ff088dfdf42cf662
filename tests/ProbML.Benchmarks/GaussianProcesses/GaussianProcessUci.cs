using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ProbML.GaussianProcesses;
using ProbML.Tests;

namespace ProbML.Benchmarks;

/// <summary>Test RMSE and log density over standard splits of five UCI sets, beside the reference's figures.</summary>
internal static class GaussianProcessUci
{
    /// <param name="args">The number of splits (3 unless given), then the sets.</param>
    public static void Run(string[] args)
    {
        if (SharedFolderPath.Find() is not { } shared)
        {
            Console.WriteLine("The folder 'shared' does not lie beside this clone: no UCI data.");
            return;
        }
        int splits = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        string[] sets = args.Length > 1 ? args[1..] : ["yacht", "boston", "energy", "concrete", "wine_quality_red"];
        var references = JsonDocument.Parse(File.ReadAllText(Path.Combine(shared, "reference", "gp", "uci_exact_gp.json")))
            .RootElement.GetProperty("results").EnumerateArray().ToList();
        Console.WriteLine($"{splits} splits; in parentheses the reference on the same splits");
        Console.WriteLine("data               kernel     rmse               log density          lowest gain in log marginal likelihood   s a fit");
        foreach (string name in sets)
        {
            foreach (string kernel in (string[])["rbf", "matern52"])
            {
                var reference = references.FirstOrDefault(
                    one => one.GetProperty("dataset").GetString() == name && one.GetProperty("kernel").GetString() == kernel);
                if (reference.ValueKind == JsonValueKind.Undefined)
                    continue;
                var known = reference.GetProperty("splits").EnumerateArray().ToDictionary(one => one.GetProperty("split").GetInt32());
                var results = Enumerable.Range(0, splits).Where(known.ContainsKey)
                    .Select(split => (Ours: Split(shared, name, kernel, split), Theirs: known[split])).ToList();
                double Theirs(string what) => results.Average(r => r.Theirs.GetProperty("test").GetProperty(what).GetDouble());
                double gain = results.Min(r => r.Ours.Evidence - r.Theirs.GetProperty("log_marginal_likelihood").GetDouble());
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-18} {kernel,-9} {results.Average(r => r.Ours.Rmse),7:F4} ({Theirs("rmse"):F4})  "
                    + $"{results.Average(r => r.Ours.LogDensity),8:F4} ({Theirs("mean_log_density"):F4})   {gain,10:F4} "
                    + $"{results.Average(r => r.Ours.Seconds),36:F2}"));
            }
        }
    }

    private static (double Rmse, double LogDensity, double Evidence, double Seconds) Split(
        string shared, string name, string kernel, int split)
    {
        double[][] rows = [.. File.ReadLines(Path.Combine(shared, "data", "uci", name + ".csv")).Skip(1)
            .Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        var test = JsonDocument.Parse(File.ReadAllText(Path.Combine(shared, "data", "uci", name + ".splits.json")))
            .RootElement.GetProperty("test_rows")[split].EnumerateArray().Select(row => row.GetInt32()).ToHashSet();
        int d = rows[0].Length - 1;
        int[] train = [.. Enumerable.Range(0, rows.Length).Where(i => !test.Contains(i))];
        double least = name == "wine_quality_red" ? 0.3 : 1e-6;  // as the reference: 240 rows repeat
        var options = new GaussianProcessOptions
        {
            Kernel = Kernel.Parse($"{kernel}(ard, lengthscale=3)"),
            Likelihood = GaussianProcessLikelihood.Gaussian(least > 0.1 ? 0.5 : 0.01),
            LearnMean = false,
            RestartRows = 5_000,
            Restarts = 2,
            Hyperparameters = new() { Bounds = new Dictionary<string, HyperparameterBounds> { ["noise_variance"] = new(least, 10) } },
        };
        var watch = Stopwatch.StartNew();
        var model = new GaussianProcessFitter(options).Fit(
            new MatrixDesign([.. train.SelectMany(i => rows[i][..d])], [.. train.Select(i => rows[i][d])]), TrainingMonitor.None);
        double seconds = watch.Elapsed.TotalSeconds;
        int[] held = [.. test.Order()];
        double[] outputs = Scores(model, [.. held.SelectMany(i => rows[i][..d])], [.. held.Select(i => rows[i][d])]);
        int width = model.Outputs.Sum(column => column.Width);
        double squares = 0, density = 0;
        for (int k = 0; k < held.Length; k++)
        {
            squares += Math.Pow(outputs[k * width] - rows[held[k]][d], 2);
            density += outputs[k * width + 1];
        }
        double average = train.Average(i => rows[i][d]);
        double deviation = Math.Sqrt(train.Average(i => Math.Pow(rows[i][d] - average, 2)));
        double evidence = model.Summary.LogMarginalLikelihood + train.Length * Math.Log(deviation);
        return (Math.Sqrt(squares / held.Length), density / held.Length, evidence, seconds);
    }

    /// <summary>Score and LogDensity first, as the model orders its columns.</summary>
    private static double[] Scores(GaussianProcessModel model, double[] features, double[] response)
    {
        int width = model.Outputs.Sum(column => column.Width);
        var values = new float[response.Length * width];
        model.Score(new RowBlock(response.Length, model.FeatureCount, features, response), new OutputBlock(values, width));
        return [.. values.Select(value => (double)value)];
    }
}
