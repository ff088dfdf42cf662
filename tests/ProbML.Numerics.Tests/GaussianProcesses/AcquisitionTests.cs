using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Acquisition functions against integrals, and a loop that finds known minima.</summary>
public sealed class AcquisitionTests
{
    [Theory]
    [InlineData(0.3, 0.8, 0.1, 0)]
    [InlineData(-1.2, 0.4, -1.0, 0.05)]
    [InlineData(2, 1.5, -1, 0)]
    public void Improvements_are_integrals_under_the_normal(double mean, double deviation, double best, double margin)
    {
        double improvement = 0, probability = 0;
        const double Step = 1e-4;
        for (double z = -10 + Step / 2; z < 10; z += Step)
        {
            double gain = best - margin - (mean + deviation * z), weight = Step * NormalDistribution.Density(z);
            improvement += gain > 0 ? weight * gain : 0;
            probability += gain > 0 ? weight : 0;
        }
        Assert.Equal(improvement, Acquisition.ExpectedImprovement(margin).Value(mean, deviation, best), 1e-7);
        Assert.Equal(Math.Log(improvement), Acquisition.LogExpectedImprovement(margin).Value(mean, deviation, best), 1e-5);
        Assert.Equal(probability, Acquisition.ProbabilityOfImprovement(margin).Value(mean, deviation, best), 1e-4);
        Assert.Equal(2 * deviation - mean, Acquisition.ConfidenceBound().Value(mean, deviation, best), 1e-12);
        Assert.Equal(deviation * deviation, Acquisition.MaximumVariance.Value(mean, deviation, best), 1e-12);
    }

    [Fact]
    public void The_logarithm_is_smooth_and_does_not_underflow()
    {
        // ln h(z) with 40 digits, h(z) = φ(z) + z Φ(z).
        Assert.Equal(-55.553122036122356, ExpectedImprovementAcquisition.LogImprovement(-10), 1e-10);
        Assert.Equal(-5000000023.944789463, ExpectedImprovementAcquisition.LogImprovement(-1e5), 1e-5);
        foreach (double edge in (double[])[-1, -1000])
        {
            double below = ExpectedImprovementAcquisition.LogImprovement(edge * (1 + 1e-9)), above = ExpectedImprovementAcquisition.LogImprovement(edge * (1 - 1e-9));
            Assert.Equal(above, below, 1e-5 * Math.Abs(edge));
            Assert.True(below < above);
        }
    }

    [Fact]
    public void Without_spread_an_improvement_is_certain_or_none()
    {
        Assert.Equal(0.5, Acquisition.ExpectedImprovement().Value(1, 0, 1.5));
        Assert.Equal(0, Acquisition.ExpectedImprovement().Value(2, 0, 1.5));
        Assert.Equal(1, Acquisition.ProbabilityOfImprovement().Value(1, 0, 1.5));
        Assert.Equal(double.NegativeInfinity, Acquisition.LogExpectedImprovement().Value(2, 0, 1.5));
    }

    [Fact]
    public void The_loop_finds_the_minimum_of_branins_function()
    {
        SearchParameter[] parameters = [SearchParameter.Real("x", -5, 10), SearchParameter.Real("y", 0, 15)];
        var result = BayesianOptimisation.Minimise(parameters, at => Branin(at["x"], at["y"]), new() { Evaluations = 30, Seed = 3 });
        Assert.Equal(30, result.Trials.Count);
        Assert.InRange(result.Best.Value, 0.397887, 0.6);   // the minimum is 0.397887; random search of 30 has a median near 3
    }

    [Fact]
    public void Whole_numbers_and_failures_are_part_of_the_search()
    {
        SearchParameter[] parameters = [SearchParameter.Whole("n", 1, 64, isLogarithmic: true), SearchParameter.Real("rate", 1e-4, 1, true)];
        var result = BayesianOptimisation.Minimise(
            parameters,
            at => at["rate"] > 0.5 ? double.NaN : Math.Pow(Math.Log(at["n"] / 8), 2) + Math.Pow(Math.Log(at["rate"] / 0.01), 2),
            new() { Evaluations = 24, Seed = 1 });
        Assert.All(result.Trials, trial => Assert.Equal(Math.Round(trial.Parameters["n"]), trial.Parameters["n"]));
        Assert.InRange(result.Best.Value, 0, 0.7);
        Assert.Equal(result.Trials.Where(trial => double.IsFinite(trial.Value)).Min(trial => trial.Value), result.Best.Value);
        Assert.Throws<InvalidOperationException>(() => BayesianOptimisation.Minimise(parameters, _ => double.NaN, new() { Evaluations = 4 }));
        Assert.Throws<ArgumentException>(() => BayesianOptimisation.Minimise([], _ => 0));
        Assert.Throws<ArgumentException>(() => SearchParameter.Real("rate", 0, 1, isLogarithmic: true));
    }

    private static double Branin(double x, double y)
    {
        double inner = y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6;
        return inner * inner + 10 * (1 - 1 / (8 * Math.PI)) * Math.Cos(x) + 10;
    }
}
