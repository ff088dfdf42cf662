using ProbML.Evaluation;

namespace ProbML.Numerics.Tests.Evaluation;

public sealed class ScoreSumTests
{
    [Fact]
    public void True_predictions_are_calibrated_and_narrow_ones_are_not()
    {
        var honest = Scores(spread: 1);
        var narrow = Scores(spread: 0.5);
        Assert.Equal(4000, honest.Rows);
        Assert.InRange(honest.IntervalCoverage.Value, 0.88, 0.92);
        Assert.InRange(honest.CoverageCurve!.At(0.5), 0.47, 0.53);
        Assert.True(honest.CoverageCurve.CalibrationError < 0.02);
        Assert.All(honest.PitHistogram!.Shares, share => Assert.InRange(share, 0.03, 0.07));
        Assert.InRange(honest.PitHistogram.Variance, 1 / 12.0 - 0.005, 1 / 12.0 + 0.005);
        Assert.True(narrow.PitHistogram!.Variance > 0.1);
        Assert.True(narrow.MeanLogDensity.Value < honest.MeanLogDensity.Value);
        Assert.True(narrow.ContinuousRankedProbabilityScore.Value > honest.ContinuousRankedProbabilityScore.Value);
        Assert.True(narrow.IntervalScore.Value > honest.IntervalScore.Value);
        Assert.Equal(-0.5 * Math.Log(2 * Math.PI * Math.E) - Math.Log(2), honest.MeanLogDensity.Value, 0.05);
    }

    [Fact]
    public void A_weight_of_two_is_two_rows_to_the_means()
    {
        var weighted = new RegressionScores();
        var twice = new RegressionScores();
        foreach (var (y, w) in new[] { (0.3, 2.0), (1.5, 1), (-0.7, 2) })
        {
            var predicted = new PredictedNumber { Mean = 0.1, StandardDeviation = 1.2, LowerBound = -1, UpperBound = 1 };
            weighted.Add(y, predicted, w);
            for (int i = 0; i < w; i++)
                twice.Add(y, predicted);
        }
        Assert.Equal(twice.Metrics.MeanLogDensity.Value, weighted.Metrics.MeanLogDensity.Value, 1e-14);
        Assert.Equal(twice.Metrics.IntervalScore.Value, weighted.Metrics.IntervalScore.Value, 1e-14);
        Assert.Equal(twice.Metrics.IntervalCoverage.Value, weighted.Metrics.IntervalCoverage.Value, 1e-14);
        Assert.Equal(twice.Metrics.RootMeanSquaredError, weighted.Metrics.RootMeanSquaredError, 1e-14);
    }

    [Fact]
    public void What_is_not_known_is_not_scored()
    {
        var scores = new RegressionScores();
        scores.Add(1, new PredictedNumber { Mean = 2 });
        scores.Add(double.NaN, new PredictedNumber { Mean = 2 });
        scores.Add(1, new PredictedNumber());
        scores.Add(1, new PredictedNumber { Mean = 2 }, weight: 0);
        var metrics = scores.Metrics;
        Assert.Equal((1, 3), (metrics.Rows, metrics.SkippedRows));
        Assert.Equal(1, metrics.MeanAbsoluteError);
        Assert.True(double.IsNaN(metrics.MeanLogDensity.Value) && double.IsNaN(metrics.IntervalScore.Value));
        Assert.Null(metrics.CoverageCurve);
    }

    [Fact]
    public void Draws_and_quantiles_come_before_the_normal_distribution()
    {
        double[] levels = [0.1, 0.5, 0.9], draws = [1, 2, 3, 4];
        var byQuantiles = new RegressionScores(quantileLevels: levels);
        byQuantiles.Add(2.5, new PredictedNumber { Mean = 2, StandardDeviation = 9, Quantiles = [1, 2, 3] });
        Assert.Equal(
            ProperScores.QuantileCrps(2.5, levels, [1, 2, 3]),
            byQuantiles.Metrics.ContinuousRankedProbabilityScore.Value,
            1e-14);
        Assert.Equal(0.7, byQuantiles.Metrics.PitHistogram!.Mean, 1e-14);
        var byDraws = new RegressionScores();
        byDraws.Add(2.5, new PredictedNumber { Mean = 2.5, SortedDraws = draws });
        Assert.Equal(
            ProperScores.EnsembleCrps(2.5, draws), byDraws.Metrics.ContinuousRankedProbabilityScore.Value, 1e-14);
        Assert.Equal(0.5, byDraws.Metrics.PitHistogram!.Mean, 1e-14);
    }

    [Fact]
    public void Bad_levels_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegressionScores(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegressionScores(0.9, [0.5, 0.5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegressionScores(0.9, [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReliabilityTable(0));
    }

    [Fact]
    public void The_parts_of_the_brier_score_add_up_where_bins_hold_one_probability()
    {
        var scores = new BinaryScores(bins: 10);
        foreach (var (p, trues, falses) in new[] { (0.15, 2, 10), (0.55, 7, 5), (0.95, 11, 1) })
        {
            for (int i = 0; i < trues; i++)
                scores.Add(true, p);
            for (int i = 0; i < falses; i++)
                scores.Add(false, p);
        }
        scores.Add(true, double.NaN);
        var metrics = scores.Metrics;
        var table = metrics.Reliability;
        Assert.Equal((36, 1), (metrics.Rows, metrics.SkippedRows));
        Assert.Equal(metrics.BrierScore.Value, table.Reliability - table.Resolution + table.Uncertainty, 1e-12);
        double gap = (12 * Math.Abs(0.15 - 2 / 12.0) + 12 * Math.Abs(0.55 - 7 / 12.0) + 12 * Math.Abs(0.95 - 11 / 12.0)) / 36;
        Assert.Equal(gap, table.ExpectedCalibrationError, 1e-12);
        Assert.Equal(Math.Abs(0.95 - 11 / 12.0), table.MaximumCalibrationError, 1e-12);
        Assert.Equal(12, table.Bins[5].Rows);
        Assert.True(double.IsNaN(table.Bins[0].Frequency));
    }

    [Fact]
    public void Classes_are_scored_by_all_their_probabilities()
    {
        var scores = new MulticlassScores(3);
        scores.Add(0, [0.5, 0.3, 0.2]);
        scores.Add(2, [0.1, 0.2, 0.7]);
        scores.Add(1, [0.6, 0.3, 0.1]);
        scores.Add(-1, [0.6, 0.3, 0.1]);
        scores.Add(1, [0.6, double.NaN, 0.1]);
        var metrics = scores.Metrics;
        Assert.Equal((3, 2), (metrics.Rows, metrics.SkippedRows));
        Assert.Equal((Math.Log(0.5) + Math.Log(0.7) + Math.Log(0.3)) / 3, metrics.MeanLogDensity.Value, 1e-12);
        Assert.Equal((0.38 + 0.14 + 0.86) / 3, metrics.BrierScore.Value, 1e-12);
        Assert.Equal(2 / 3.0, metrics.Accuracy.Value, 1e-12);
        Assert.Equal(3, metrics.ClassReliability.Count);
    }

    private static ProbabilisticRegressionMetrics Scores(double spread)
    {
        var random = new Random(5);
        var scores = new RegressionScores(0.9);
        double z = 2 * spread * NormalDistribution.Quantile(0.95);
        for (int i = 0; i < 4000; i++)
        {
            double mean = random.NextDouble() * 10, y = mean + 2 * NormalDistribution.Quantile(1 - random.NextDouble());
            scores.Add(
                y,
                new PredictedNumber
                {
                    Mean = mean, StandardDeviation = 2 * spread, LowerBound = mean - z, UpperBound = mean + z,
                });
        }
        return scores.Metrics;
    }
}
