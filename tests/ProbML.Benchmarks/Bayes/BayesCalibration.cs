using System.Globalization;

namespace ProbML.Benchmarks;

/// <summary>Simulation-based calibration of NUTS: ranks of parameters drawn from the prior among their posterior draws are uniform.</summary>
/// <remarks>Talts, Betancourt, Simpson, Vehtari &amp; Gelman (2018).</remarks>
internal static class BayesCalibration
{
    public static void Run()
    {
        const int simulations = 500;
        foreach (IFamily family in (IFamily[])[Families.Poisson, Families.Bernoulli])
        {
            double[] p = SimulationCalibration.Run(family, simulations, rows: 40, bins: 20, seed: 1);
            Console.WriteLine(
                $"Simulation-based calibration, {family.Name}: {simulations} simulations, p-values of uniform ranks "
                + string.Join(", ", p.Select(v => v.ToString("F3", CultureInfo.InvariantCulture))));
        }
    }
}
