namespace ProbML.Benchmarks;

/// <summary>Bayesian regression: UCI protocol, sampling speed, simulation-based calibration, coverage, one pass over many rows, scoring over draws.</summary>
internal static class BayesBenchmark
{
    public static int Run(string[] args)
    {
        string part = args.Length > 0 ? args[0] : "all";
        if (part is "uci" or "all")
            BayesUci.Run();
        if (part is "nuts" or "all")
            BayesNuts.Run();
        if (part is "sbc" or "all")
            BayesCalibration.Run();
        if (part is "coverage" or "all")
            BayesCoverage.Run();
        if (part is "groups" or "all")
            HierarchicalBenchmark.Run();
        if (part is "rows" or "all")
            BayesRows.Run();
        if (part is "scoring" or "all")
            BayesScoring.Run();
        return 0;
    }
}
