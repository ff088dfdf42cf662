using System.Globalization;
using System.Text.Json;
using ProbML.Tests;

namespace ProbML.Benchmarks;

/// <summary>Test RMSE and log density over the 20 standard splits of five UCI sets, beside the reference's figures.</summary>
internal static class BayesUci
{
    private static readonly (string Name, string Reference, BayesianLinearOptions Options)[] Methods =
    [
        ("evidence", "evidence_max_flat_intercept", new()),
        ("evidence, n rows", "evidence_max_n", new() { Inference = LinearInference.Evidence(false) }),
        ("ARD", "ARDRegression", new() { Inference = LinearInference.AutomaticRelevance(false) }),
        ("normal-inverse-gamma", "nig_weak", new()
        {
            Inference = LinearInference.NormalInverseGamma(0.5, 0.5),
            Priors = CoefficientPriors.All(new NormalPrior(0, 10)),
        }),
    ];

    public static void Run()
    {
        if (SharedFolderPath.Find() is not { } shared)
        {
            Console.WriteLine("The folder 'shared' does not lie beside this clone: no UCI data.");
            return;
        }
        var references = JsonDocument.Parse(File.ReadAllText(Path.Combine(shared, "reference", "bayes", "uci_linear.json")))
            .RootElement.GetProperty("results").EnumerateArray().ToDictionary(one => one.GetProperty("dataset").GetString()!);
        Console.WriteLine("data                method                 test RMSE           test log density     reference RMSE, log density   50 %, 90 % intervals hold");
        foreach (string name in (string[])["boston", "concrete", "energy", "wine_quality_red", "yacht"])
        {
            double[][] rows = [.. File.ReadLines(Path.Combine(shared, "data", "uci", name + ".csv")).Skip(1)
                .Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
            var splits = JsonDocument.Parse(File.ReadAllText(Path.Combine(shared, "data", "uci", name + ".splits.json")))
                .RootElement.GetProperty("test_rows").EnumerateArray()
                .Select(split => split.EnumerateArray().Select(row => row.GetInt32()).ToHashSet()).ToList();
            foreach (var (method, key, options) in Methods)
            {
                var results = splits.Select(test => Split(rows, test, options)).ToList();
                string reference = references[name].GetProperty("methods").TryGetProperty(key, out var known)
                    ? Text(known.GetProperty("summary"))
                    : "";
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-19} {method,-22} {Mean(results, r => r.Rmse)}   {Mean(results, r => r.LogDensity)}   {reference,-28} "
                    + $"{results.Average(r => r.Half):P1}, {results.Average(r => r.Nine):P1}"));
            }
        }
    }

    private static (double Rmse, double LogDensity, double Half, double Nine) Split(
        double[][] rows, HashSet<int> test, BayesianLinearOptions options)
    {
        int d = rows[0].Length - 1;
        int[] train = [.. Enumerable.Range(0, rows.Length).Where(i => !test.Contains(i))];
        double[] mean = new double[d + 1], sd = new double[d + 1];
        for (int j = 0; j <= d; j++)
        {
            mean[j] = train.Average(i => rows[i][j]);
            sd[j] = Math.Sqrt(train.Average(i => (rows[i][j] - mean[j]) * (rows[i][j] - mean[j])));
            if (sd[j] == 0)
                sd[j] = 1;
        }
        var design = new MatrixDesign(
            [.. train.SelectMany(i => Enumerable.Range(0, d).Select(j => Scaled(i, j)))], [.. train.Select(i => Scaled(i, d))]);
        var model = new BayesianLinearFitter(options).Fit(design, TrainingMonitor.None);
        double squares = 0, density = 0, half = 0, nine = 0;
        foreach (int i in test)
        {
            double y = Scaled(i, d);
            var at = model.Predict([.. Enumerable.Range(0, d).Select(j => Scaled(i, j))]);
            squares += (y - at.Mean) * (y - at.Mean);
            density += at.LogDensity(y) - Math.Log(sd[d]);
            half += y >= at.Quantile(0.25) && y <= at.Quantile(0.75) ? 1 : 0;
            nine += y >= at.Quantile(0.05) && y <= at.Quantile(0.95) ? 1 : 0;
        }
        return (Math.Sqrt(squares / test.Count) * sd[d], density / test.Count, half / test.Count, nine / test.Count);

        double Scaled(int i, int j) => (rows[i][j] - mean[j]) / sd[j];
    }

    private static string Mean(
        List<(double Rmse, double LogDensity, double Half, double Nine)> results,
        Func<(double Rmse, double LogDensity, double Half, double Nine), double> value)
    {
        double mean = results.Average(value), error = Math.Sqrt(
            results.Sum(r => (value(r) - mean) * (value(r) - mean)) / (results.Count - 1) / results.Count);
        return string.Create(CultureInfo.InvariantCulture, $"{mean,8:F4} ± {error:F4}");
    }

    private static string Text(JsonElement summary) => string.Create(
        CultureInfo.InvariantCulture,
        $"{summary.GetProperty("rmse").GetProperty("mean").GetDouble():F4}, {summary.GetProperty("mean_log_density").GetProperty("mean").GetDouble():F4}");
}
