using ProbML.Evaluation;

namespace ProbML.Numerics.Tests.Evaluation;

public sealed class PosteriorPredictiveCheckTests
{
    [Fact]
    public void A_statistic_the_model_cannot_make_has_an_extreme_p_value()
    {
        var random = new Random(2);
        double[] replications = [.. Enumerable.Range(0, 200 * 50).Select(_ => random.NextDouble())];
        double[] typical = [.. Enumerable.Range(0, 50).Select(i => (i + 0.5) / 50)];
        double[] shifted = [.. typical.Select(y => y + 0.5)];
        static double Mean(ReadOnlySpan<double> y)
        {
            double sum = 0;
            foreach (double value in y)
                sum += value;
            return sum / y.Length;
        }
        Assert.InRange(PosteriorPredictiveCheck.Of(typical, replications, Mean).PValue, 0.2, 0.8);
        var check = PosteriorPredictiveCheck.Of(shifted, replications, Mean);
        Assert.Equal(0, check.PValue);
        Assert.Equal(1, check.Observed, 1e-12);
        Assert.Equal(200, check.Replicated.Count);
    }

    [Fact]
    public void A_tie_counts_one_half() =>
        Assert.Equal(0.75, PosteriorPredictiveCheck.Of([1], [1, 2], y => y[0]).PValue);

    [Fact]
    public void Replications_must_be_whole_sets() =>
        Assert.Throws<ArgumentException>(() => PosteriorPredictiveCheck.Of([1, 2], [1, 2, 3], y => y[0]));
}
