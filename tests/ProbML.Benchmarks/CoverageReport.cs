using System.Diagnostics;
using System.Globalization;

namespace ProbML.Benchmarks;

/// <summary>Prints, for every family, how often 90 % intervals of fits to 500 rows hold what they are of.</summary>
internal static class CoverageReport
{
    public static int Run(string[] args)
    {
        int fits = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2_000;
        Console.WriteLine($"{fits} fits to {CoverageCase.Rows} rows, {CoverageCase.NewRows} new rows each, nominal {CoverageCase.Level:P0}");
        Console.WriteLine("| family | new observation, attained | randomised at the ends | class probability | seconds |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        bool isGood = true;
        foreach (var one in CoverageCases.Numbers.Concat(CoverageCases.OfClasses))
        {
            var watch = Stopwatch.StartNew();
            var found = one.Run(fits);
            isGood &= found.Randomised is >= 0.88 and <= 0.92 && !(found.Probability is < 0.88 or > 0.92);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {one.Name} | {Percent(found.Attained)} | {Percent(found.Randomised)} | {Percent(found.Probability)} | {watch.Elapsed.TotalSeconds:F1} |"));
        }
        Console.WriteLine(isGood ? "All within 88 to 92 %." : "NOT all within 88 to 92 %.");
        return isGood ? 0 : 1;
    }

    private static string Percent(double share) =>
        double.IsNaN(share) ? "" : (100 * share).ToString("F2", CultureInfo.InvariantCulture) + " %";
}
