using System.Globalization;

namespace ProbML.Benchmarks;

/// <summary>Density ratios and two-sample tests against the peers' figures.</summary>
internal static class RatioBenchmark
{
    public static int Run(string[] args)
    {
        string what = args.Length > 0 ? args[0] : "all";
        if (what is "all" or "known")
            KnownRatioBenchmark.Run();
        if (what is "all" or "power")
            TwoSampleBenchmark.Run(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 300);
        if (what is "all" or "levels")
            TwoSampleBenchmark.Levels(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 500);
        if (what is "all" or "speed")
            TwoSampleBenchmark.Speed(100_000, 20);
        if (what is "all" or "sketch")
            SketchBenchmark.Run(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 20);
        return 0;
    }
}
