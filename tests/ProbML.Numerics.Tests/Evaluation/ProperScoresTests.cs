using ProbML.Evaluation;

namespace ProbML.Numerics.Tests.Evaluation;

public sealed class ProperScoresTests
{
    [Theory]
    [InlineData(0.3, 0, 1)]
    [InlineData(-4, 1, 0.5)]
    [InlineData(12, 10, 3)]
    public void Normal_crps_is_the_integral_of_the_squared_error_of_the_distribution_function(
        double y, double mean, double sd)
    {
        double integral = 0;
        const int Steps = 400_000;
        double from = Math.Min(y, mean) - 12 * sd, to = Math.Max(y, mean) + 12 * sd, step = (to - from) / Steps;
        for (int i = 0; i < Steps; i++)
        {
            double t = from + (i + 0.5) * step, miss = NormalDistribution.Cdf((t - mean) / sd) - (y <= t ? 1 : 0);
            integral += miss * miss * step;
        }
        Assert.Equal(integral, ProperScores.NormalCrps(y, mean, sd), 1e-4 * sd);
    }

    [Fact]
    public void Normal_crps_without_spread_is_the_absolute_error() =>
        Assert.Equal(1.25, ProperScores.NormalCrps(2, 0.75, 0));

    [Fact]
    public void Ensemble_crps_is_the_mean_distance_less_half_the_mean_spread()
    {
        double[] draws = [-1.5, -0.25, 0, 0.5, 0.5, 2];
        foreach (double y in new[] { -3, -0.25, 0.2, 0.5, 4 })
        {
            double distance = draws.Average(x => Math.Abs(x - y));
            double spread = draws.SelectMany(x => draws.Select(z => Math.Abs(x - z))).Average();
            Assert.Equal(distance - spread / 2, ProperScores.EnsembleCrps(y, draws), 1e-12);
        }
        Assert.Throws<ArgumentException>(() => ProperScores.EnsembleCrps(0, []));
    }

    [Fact]
    public void Quantile_crps_tends_to_that_of_the_distribution()
    {
        double[] levels = [.. Enumerable.Range(0, 5000).Select(k => (k + 0.5) / 5000)];
        double[] quantiles = [.. levels.Select(p => 1 + 2 * NormalDistribution.Quantile(p))];
        foreach (double y in new[] { -3.0, 0.9, 5 })
            Assert.Equal(ProperScores.NormalCrps(y, 1, 2), ProperScores.QuantileCrps(y, levels, quantiles), 1e-3);
        Assert.Throws<ArgumentException>(() => ProperScores.QuantileCrps(0, [0.5], []));
    }

    [Fact]
    public void The_interval_score_is_least_for_the_quantiles()
    {
        const double Level = 0.8;
        double[] draws = [.. Enumerable.Range(0, 4001).Select(k => NormalDistribution.Quantile((k + 0.5) / 4001))];
        double Mean(double lower, double upper) => draws.Average(y => ProperScores.IntervalScore(y, lower, upper, Level));
        double z = NormalDistribution.Quantile(0.9), best = Mean(-z, z);
        foreach (var (lower, upper) in new[] { (-z - 0.1, z), (-z + 0.1, z), (-z, z + 0.1), (-z - 0.1, z + 0.1) })
            Assert.True(Mean(lower, upper) > best);
    }

    [Fact]
    public void Honest_probabilities_have_the_least_brier_and_ranked_scores()
    {
        double[] truth = [0.2, 0.5, 0.3];
        double Expected(Func<double[], int, double> score, double[] p) =>
            Enumerable.Range(0, 3).Sum(k => truth[k] * score(p, k));
        foreach (var score in new Func<double[], int, double>[]
        {
            (p, k) => ProperScores.Brier(p, k), (p, k) => ProperScores.RankedProbability(p, k),
        })
        {
            foreach (double[] other in new double[][] { [0.25, 0.45, 0.3], [0.2, 0.45, 0.35], [1, 0, 0] })
                Assert.True(Expected(score, other) > Expected(score, truth));
        }
    }

    [Fact]
    public void The_ranked_score_knows_how_far_off_a_class_is()
    {
        Assert.True(ProperScores.RankedProbability([1, 0, 0], 2) > ProperScores.RankedProbability([1, 0, 0], 1));
        Assert.Equal(2, ProperScores.Brier([1, 0, 0], 2));
    }
}
