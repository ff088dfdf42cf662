using System.Diagnostics;
using System.Globalization;

namespace ProbML.Benchmarks;

/// <summary>Hierarchical regression of 100,000 rows in 1,000 groups with slopes, beside lme4 (peer_hierarchical.R); calibration of its draws.</summary>
internal static class HierarchicalBenchmark
{
    private const int Rows = 100_000, Groups = 1_000;

    public static void Run()
    {
        string folder = Directory.CreateTempSubdirectory("hierarchical").FullName;
        var (linear, logistic) = (Draw(isBinary: false, folder), Draw(isBinary: true, folder));
        Console.WriteLine($"{Rows} rows, {Groups} groups, (1 + x1 | g); rows for peer_hierarchical.R are in {folder}");
        for (int run = 0; run < 2; run++)
        {
            Time("Gaussian, REML", linear, new(), PredictionTask.Regression);
            Time("logistic, Laplace", logistic, new(), PredictionTask.BinaryClassification);
        }
        const int Simulations = 200;
        double[] p = HierarchicalCalibration.Run(Simulations, groups: 8, rows: 60, bins: 10, seed: 1);
        Console.WriteLine(
            $"Simulation-based calibration, Poisson with 8 groups: {Simulations} simulations, p-values of uniform ranks of the intercept, "
            + "the slope and the groups' standard deviation "
            + string.Join(", ", p.Select(v => v.ToString("F3", CultureInfo.InvariantCulture))));
    }

    private static void Time(string what, MatrixDesign design, HierarchicalOptions options, PredictionTask task)
    {
        options = options with { Effects = [new("g", "x1")] };
        var watch = Stopwatch.StartNew();
        var model = new HierarchicalFitter(options, task).Fit(design, TrainingMonitor.None);
        double seconds = watch.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {seconds:F2} s, {model.Iterations} iterations, log-likelihood {model.LogLikelihood:F4}, sd "
            + $"{model.Components[0].StandardDeviations[0]:F5} {model.Components[0].StandardDeviations[1]:F5}, cor "
            + $"{model.Components[0].Correlations[0, 1]:F5}, b1 {model.Coefficients[1].Mean:F6} ({model.Coefficients[1].StandardDeviation:F6})"));
    }

    private static MatrixDesign Draw(bool isBinary, string folder)
    {
        var random = new Random(5);
        double[] a = [.. Enumerable.Range(0, Groups).Select(_ => 0.8 * RandomNormal.Draw(random))];
        double[] b = [.. a.Select(v => 0.3 * v + 0.4 * RandomNormal.Draw(random))];
        double[] x = new double[4 * Rows], y = new double[Rows];
        string[] names = new string[Rows];
        using var file = new StreamWriter(Path.Combine(folder, isBinary ? "logistic.csv" : "gaussian.csv"));
        file.WriteLine("y,x1,x2,x3,x4,g");
        for (int i = 0; i < Rows; i++)
        {
            int g = random.Next(Groups);
            for (int j = 0; j < 4; j++)
                x[4 * i + j] = Math.Round(RandomNormal.Draw(random), 4);
            double eta = 0.5 + a[g] + (1 + b[g]) * x[4 * i] - 0.5 * x[4 * i + 1] + 0.2 * x[4 * i + 2];
            y[i] = isBinary ? random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0 : Math.Round(eta + RandomNormal.Draw(random), 4);
            names[i] = $"g{g}";
            file.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{y[i]},{x[4 * i]},{x[4 * i + 1]},{x[4 * i + 2]},{x[4 * i + 3]},{names[i]}"));
        }
        return new(x, y) { GroupColumns = [GroupColumn.Of("g", names)] };
    }
}
