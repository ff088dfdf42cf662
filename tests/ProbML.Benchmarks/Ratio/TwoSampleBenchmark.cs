using System.Diagnostics;
using System.Globalization;
using MathNet.Numerics.Distributions;
using ProbML.TwoSample;

namespace ProbML.Benchmarks;

/// <summary>Rejection rates of the two-sample tests at 5 %, and their speed.</summary>
internal static class TwoSampleBenchmark
{
    private const int Rows = 100;

    private static readonly (string Name, int D, Action<double[]> Change)[] Cases =
    [
        ("null 5-D", 5, _ => { }),
        ("mean shift 0.2 in all 5", 5, x => Each(x, value => value + 0.2)),
        ("scale 1.3 in all 5", 5, x => Each(x, value => value * 1.3)),
        ("correlation 0.5 between 2 of 5", 5, x => Rows5(x)),
        ("mean shift 0.5 in 1 of 20", 20, x =>
        {
            for (int i = 0; i < x.Length; i += 20)
                x[i] += 0.5;
        }),
    ];

    private static readonly (string Name, Func<double[], double[], int, int, double> PValue)[] Tests =
    [
        ("MMD, median", (x, y, d, seed) => MaximumMeanDiscrepancy.Test(x, y, d, new() { Permutations = 199, Seed = seed }).PValue),
        ("MMD, power", (x, y, d, seed) => MaximumMeanDiscrepancy.Test(
            x, y, d, new() { Permutations = 199, Seed = seed, Width = KernelWidth.PowerMaximised }).PValue),
        ("energy", (x, y, d, seed) => EnergyDistance.Test(x, y, d, 199, seed).PValue),
        ("MMD, blocks", (x, y, d, seed) => MaximumMeanDiscrepancy.BlockTest(x, y, d, new() { Seed = seed }).PValue),
        ("MMD, linear time", (x, y, d, seed) => MaximumMeanDiscrepancy.LinearTimeTest(x, y, d, new() { Seed = seed }).PValue),
        ("C2ST, linear", (x, y, d, seed) => Classifier(x, y, d, seed, RatioShape.Linear)),
        ("C2ST, quadratic", (x, y, d, seed) => Classifier(x, y, d, seed, RatioShape.Quadratic)),
        ("C2ST, default", (x, y, d, seed) => ClassifierTwoSampleTest.Test(x, y, d, new() { Components = 1, Seed = seed, Folds = 3 }).PValue),
        ("KS + Holm", (x, y, d, _) => MultipleTesting.Holm([.. Enumerable.Range(0, d).Select(j =>
            KolmogorovSmirnov.Test(Column(x, d, j), Column(y, d, j)).PValue)]).Min()),
    ];

    /// <summary>Tests of one column, beside those of rows.</summary>
    private static readonly (string Name, Func<double[], double[], int, int, double> PValue)[] ColumnTests =
    [
        ("KS", (x, y, d, _) => KolmogorovSmirnov.Test(Column(x, d, 0), Column(y, d, 0)).PValue),
        ("KS of rounded numbers", (x, y, d, _) => KolmogorovSmirnov.Test(Rounded(x, d), Rounded(y, d)).PValue),
        ("chi-square of 4 levels", (x, y, d, _) => ChiSquareTest.Test(Counts(x, d), Counts(y, d)).PValue),
    ];

    /// <summary>How often each test rejects samples of one distribution at 5 %, beside what chance alone allows.</summary>
    public static void Levels(int repetitions)
    {
        const int D = 5;
        double reach = 1.96 * Math.Sqrt(0.05 * 0.95 / repetitions);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Rejection rates of {repetitions} nulls at 0.05, n = m = {Rows}, {D}-D; binomial 95 %: {0.05 - reach:F3} to {0.05 + reach:F3}"));
        foreach (var (name, pValue) in (IEnumerable<(string, Func<double[], double[], int, int, double>)>)[.. Tests, .. ColumnTests])
        {
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            int rejected = Enumerable.Range(0, repetitions).Count(k =>
                pValue(Normals(Rows * D, 2 * k), Normals(Rows * D, 2 * k + 1), D, k) <= 0.05);
            double busy = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-24} {rejected / (double)repetitions:F3}{(Math.Abs(rejected / (double)repetitions - 0.05) <= reach ? "" : " (outside)")}, "
                + $"{1e3 * busy / repetitions:F1} ms of processor time a test"));
        }
    }

    public static void Run(int repetitions)
    {
        Console.WriteLine($"Rejection rates at 0.05, n = m = {Rows}, {repetitions} repetitions");
        foreach (var (name, d, change) in Cases)
        {
            var rejected = new int[Tests.Length];
            for (int k = 0; k < repetitions; k++)
            {
                double[] x = Normals(Rows * d, 2 * k), y = Normals(Rows * d, 2 * k + 1);
                change(y);
                for (int t = 0; t < Tests.Length; t++)
                    rejected[t] += Tests[t].PValue(x, y, d, k) <= 0.05 ? 1 : 0;
            }
            Console.WriteLine(name + ": " + string.Join(", ", Tests.Select((test, t) => string.Create(
                CultureInfo.InvariantCulture, $"{test.Name} {rejected[t] / (double)repetitions:F3}"))));
        }
    }

    public static void Speed(int rows, int d)
    {
        double[] x = Normals(rows * d, 1), y = Normals(rows * d, 2);
        Measure("MMD, linear time", () => MaximumMeanDiscrepancy.LinearTimeTest(x, y, d).PValue);
        Measure("MMD, blocks of 100", () => MaximumMeanDiscrepancy.BlockTest(x, y, d, new() { BlockRows = 100 }).PValue);
        Measure("C2ST, quadratic", () => Classifier(x, y, d, 1, RatioShape.Quadratic));
        Measure("C2ST, default", () => ClassifierTwoSampleTest.Test(x, y, d).PValue);

        void Measure(string name, Func<double> test)
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            var watch = Stopwatch.StartNew();
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            double p = test();
            double busy = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{rows} + {rows} rows x {d}: {name}: {watch.Elapsed.TotalSeconds:F2} s ({busy:F2} s of processor time), p {p:F3}, data {before / 1e6:F0} "
                + $"MB, process peak {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB"));
        }
    }

    private static double Classifier(double[] x, double[] y, int d, int seed, RatioShape shape) => ClassifierTwoSampleTest.Test(
        x, y, d, new() { Shape = shape, L2 = 10, Components = 1, Seed = seed, Folds = 2 }).PValue;

    private static double[] Normals(int count, int seed)
    {
        var values = new double[count];
        Normal.Samples(new Random(seed), values, 0, 1);
        return values;
    }

    private static double[] Rounded(double[] x, int d) => [.. Column(x, d, 0).Select(value => Math.Round(2 * value))];

    private static double[] Counts(double[] x, int d)
    {
        var counts = new double[4];
        foreach (double value in Column(x, d, 0))
            counts[value < -0.7 ? 0 : value < 0 ? 1 : value < 0.7 ? 2 : 3]++;
        return counts;
    }

    private static double[] Column(double[] x, int d, int j) => [.. Enumerable.Range(0, x.Length / d).Select(i => x[i * d + j])];

    private static void Each(double[] x, Func<double, double> change)
    {
        for (int i = 0; i < x.Length; i++)
            x[i] = change(x[i]);
    }

    private static void Rows5(double[] x)
    {
        for (int i = 0; i < x.Length; i += 5)
            x[i + 1] = 0.5 * x[i] + Math.Sqrt(0.75) * x[i + 1];
    }
}
