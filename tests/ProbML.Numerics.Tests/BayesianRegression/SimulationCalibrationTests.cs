using ProbML.Benchmarks;

namespace ProbML.Tests.BayesianRegression;

/// <summary>NUTS finds the posterior that prior and likelihood make, whatever the data: ranks are uniform.</summary>
public sealed class SimulationCalibrationTests
{
    [Theory, InlineData("poisson"), InlineData("bernoulli")]
    public void Ranks_are_uniform(string family) => Assert.All(
        SimulationCalibration.Run(Families.Parse(family), simulations: 120, rows: 20, bins: 6, seed: 1),
        p => Assert.True(p > 0.005, $"{p}"));
}
