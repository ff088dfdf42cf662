using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using ProbML.DensityRatios;
using ProbML.Tests;

namespace ProbML.Benchmarks;

/// <summary>The error of estimated log ratios where the true ones are known.</summary>
internal static class KnownRatioBenchmark
{
    private const int D = 5;

    public static void Run()
    {
        if (SharedFolderPath.Find() is not { } shared)
        {
            Console.WriteLine("The folder 'shared' does not lie beside this clone: no known ratios.");
            return;
        }
        foreach (string name in new[] { "gauss_shift_cov", "gauss_shift_only", "mixture_vs_gauss" })
        {
            var (train, label, _) = Read(Path.Combine(shared, "data", "ratio", name + ".train.csv.gz"));
            var (test, _, truth) = Read(Path.Combine(shared, "data", "ratio", name + ".test.csv.gz"));
            double[] top = Sample(train, label, 1), bottom = Sample(train, label, 0);
            Measure("default", () => new DensityRatioFitter(new()).Fit(new MatrixDesign(train, label), TrainingMonitor.None));
            foreach (var shape in Enum.GetValues<RatioShape>())
                Measure($"{shape}, one component", () => new DensityRatioFitter(new() { Shape = shape, Components = 1 })
                    .Fit(new MatrixDesign(train, label), TrainingMonitor.None));
            Measure("uLSIF", () => LeastSquaresDensityRatio.Fit(top, bottom, D));
            Measure("KLIEP", () => KliepDensityRatio.Fit(top, bottom, D));

            void Measure(string method, Func<IDensityRatio> fit)
            {
                var watch = Stopwatch.StartNew();
                var cpu = Process.GetCurrentProcess().TotalProcessorTime;
                var ratio = fit();
                double seconds = watch.Elapsed.TotalSeconds, busy = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
                string what = ratio is DensityRatioModel model
                    ? $"{method}: {model.Shape}, {model.Components} component(s), L2 {model.L2}, KL {model.Statistics.Divergences.KullbackLeibler.Value:F3}"
                    : method;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-17} RMSE {Error(ratio, double.NegativeInfinity):F3}, floored at ln 1e-6 {Error(ratio, Math.Log(1e-6)):F3}, "
                    + $"{seconds:F2} s ({busy:F2} s of processor time)  {what}"));
            }

            double Error(IDensityRatio ratio, double floor) => Math.Sqrt(Enumerable.Range(0, truth.Length).Average(i =>
                Math.Pow(Math.Max(ratio.LogRatio(test.AsSpan(i * D, D)), floor) - truth[i], 2)));
        }
    }

    private static double[] Sample(double[] rows, double[] label, int which) =>
        [.. Enumerable.Range(0, label.Length).Where(i => label[i] == which).SelectMany(i => rows[(i * D)..((i + 1) * D)])];

    private static (double[] X, double[] Label, double[] Truth) Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        List<double> x = [], label = [], truth = [];
        while (reader.ReadLine() is { } line)
        {
            double[] fields = [.. line.Split(',').Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
            x.AddRange(fields[..D]);
            label.Add(fields[D]);
            truth.AddRange(fields[(D + 1)..]);
        }
        return ([.. x], [.. label], [.. truth]);
    }
}
