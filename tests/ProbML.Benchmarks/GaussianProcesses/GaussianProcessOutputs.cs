using System.Diagnostics;
using System.Globalization;
using ProbML.GaussianProcesses;

namespace ProbML.Benchmarks;

/// <summary>Four outputs of which three are seen at an eighth of the places: fitted together, and each alone.</summary>
internal static class GaussianProcessOutputs
{
    private const int Outputs = 4;
    private const double Noise = 0.1;

    public static void Run()
    {
        Console.WriteLine($"{Outputs} outputs of two shared functions, the last three seen at an eighth of the places; noise {Noise}");
        Console.WriteLine("  rows   kernel                 seconds   RMSE of f where not seen   log density (truth: 0.88)");
        foreach (int places in (int[])[150, 300, 600])
        {
            Fit(places, "shared, rank 2", "rbf(dims=[0]) * coregion(outputs=4, rank=2, dim=1)");
            Fit(places, "apart", "rbf(dims=[0]) * coregion(outputs=4, rank=0, dim=1)");
        }
    }

    private static void Fit(int places, string name, string kernel)
    {
        var random = new Random(4);
        var (x, y, away) = (new List<double>(), new List<double>(), new List<double>());
        for (int i = 0; i < places; i++)
        {
            double t = 15.0 * i / places;
            for (int k = 0; k < Outputs; k++)
            {
                bool isSeen = k == 0 || i % 8 == k;
                (isSeen ? x : away).AddRange([t, k]);
                if (isSeen)
                    y.Add(Truth(t, k) + Noise * RandomNormal.Draw(random));
            }
        }
        var watch = Stopwatch.StartNew();
        var model = new GaussianProcessFitter(new() { Kernel = Kernel.Parse(kernel), Restarts = 3, Seed = 1 })
            .Fit(new MatrixDesign([.. x], [.. y]), TrainingMonitor.None);
        double seconds = watch.Elapsed.TotalSeconds, square = 0, density = 0;
        double[] mean = new double[away.Count / 2], variance = new double[away.Count / 2];
        model.PredictLatent([.. away], mean, variance);
        for (int i = 0; i < mean.Length; i++)
        {
            double truth = Truth(away[2 * i], (int)away[2 * i + 1]), spread = variance[i] + Noise * Noise;
            double seen = truth + Noise * RandomNormal.Draw(random);
            square += (mean[i] - truth) * (mean[i] - truth);
            density -= 0.5 * (Math.Log(2 * Math.PI * spread) + (seen - mean[i]) * (seen - mean[i]) / spread);
        }
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{y.Count,6}   {name,-20} {seconds,9:F2} {Math.Sqrt(square / mean.Length),12:F4} {density / mean.Length,24:F4}"));
    }

    private static double Truth(double t, int output)
    {
        double[] first = [1, 0.4, -1.5, 0.8], second = [0.2, 1, 0.5, -0.7];
        return first[output] * Math.Sin(1.3 * t) + second[output] * Math.Cos(2.7 * t + 1);
    }
}
