using ProbML.Evaluation;

namespace ProbML.Numerics.Tests.Evaluation;

public sealed class ConformalQuantileTests
{
    [Theory]
    [InlineData(9, 0.9, 9)]
    [InlineData(19, 0.9, 18)]
    [InlineData(10, 0.5, 6)]
    [InlineData(99, 0.95, 95)]
    public void It_is_the_ceiling_of_n_plus_one_times_the_level(int n, double level, int place)
    {
        double[] scores = [.. Enumerable.Range(1, n).Select(i => (double)(i * 7 % (n + 1)))];
        Assert.Equal(scores.Order().ElementAt(place - 1), ConformalQuantile.Of(scores, level));
        double[] equal = [.. Enumerable.Repeat(2.0, n)];
        Assert.Equal(ConformalQuantile.Of(scores, level), ConformalQuantile.Of(scores, equal, 2, level));
    }

    [Fact]
    public void Too_few_scores_promise_nothing_finite()
    {
        Assert.Equal(double.PositiveInfinity, ConformalQuantile.Of([1, 2, 3], 0.9));
        Assert.Equal(double.PositiveInfinity, ConformalQuantile.Of([], 0.5));
    }

    /// <summary>Of n + 1 exchangeable scores each is as likely to be the new one: coverage is exact, by enumeration.</summary>
    [Theory]
    [InlineData(7, 0.8)]
    [InlineData(20, 0.9)]
    public void Coverage_is_at_least_the_level_and_at_most_one_row_more(int n, double level)
    {
        double[] all = [.. Enumerable.Range(0, n + 1).Select(i => Math.Sin(i * 1.7))];
        double covered = Enumerable.Range(0, n + 1).Average(left =>
            all[left] <= ConformalQuantile.Of([.. all.Where((_, i) => i != left)], level) ? 1 : 0);
        Assert.InRange(covered, level - 1e-12, level + 1.0 / (n + 1) + 1e-12);
    }

    [Fact]
    public void Weights_favour_the_rows_that_are_like_the_new_one()
    {
        double[] scores = [1, 2, 3, 4];
        Assert.Equal(2, ConformalQuantile.Of(scores, [10, 10, 1, 1], 1, 0.8));
        Assert.Equal(double.PositiveInfinity, ConformalQuantile.Of(scores, [1, 1, 1, 1], 10, 0.8));
        Assert.Throws<ArgumentException>(() => ConformalQuantile.Of(scores, [1], 1, 0.8));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConformalQuantile.Of(scores, 1));
    }

    /// <summary>
    /// Given the n + 1 rows that there are, the new one is row i with probability ∝ wᵢ: coverage is exact, by enumeration, and
    /// exceeds the level by at most the largest of these probabilities (Tibshirani et al. 2019, lemma 3).
    /// </summary>
    [Theory]
    [InlineData(9, 0.8), InlineData(40, 0.9), InlineData(200, 0.95)]
    public void Weighted_coverage_is_at_least_the_level_and_at_most_one_row_more(int n, double level)
    {
        var random = new Random(n);
        double[] scores = [.. Enumerable.Range(0, n + 1).Select(_ => random.NextDouble())];
        double[] weights = [.. scores.Select(score => Math.Exp(3 * random.NextDouble() + 2 * score))];
        double covered = 0, total = weights.Sum();
        for (int left = 0; left <= n; left++)
        {
            var quantile = new WeightedConformalQuantile(Without(scores, left), Without(weights, left));
            covered += scores[left] <= quantile.At(weights[left], level) ? weights[left] / total : 0;
        }
        Assert.InRange(covered, level - 1e-12, level + weights.Max() / total + 1e-12);

        static double[] Without(double[] values, int place) => [.. values[..place], .. values[(place + 1)..]];
    }

    [Fact]
    public void Only_the_proportions_of_weights_matter_and_rows_without_weight_do_not()
    {
        double[] scores = [4, 1, double.PositiveInfinity, 3, 2], weights = [1, 0.5, 0, 2, 0.25];
        var quantile = new WeightedConformalQuantile(scores, weights);
        var larger = new WeightedConformalQuantile(scores, [.. weights.Select(w => 1024 * w)]);
        var fewer = new WeightedConformalQuantile([4, 1, 3, 2], [1, 0.5, 2, 0.25]);
        foreach (double level in new[] { 0.1, 0.3, 0.5, 0.7, 0.9 })
        {
            Assert.Equal(quantile.At(0.3, level), larger.At(1024 * 0.3, level));
            Assert.Equal(quantile.At(0.3, level), fewer.At(0.3, level));
        }
        Assert.Equal(3.75 * 3.75 / (1 + 0.25 + 4 + 0.0625), quantile.EffectiveCount, 1e-12);
        Assert.Equal(3.75 * 3.75 / (1 + 0.25 + 4 + 0.0625), larger.EffectiveCount, 1e-12);
        Assert.Equal(0, new WeightedConformalQuantile([], []).EffectiveCount);
        Assert.Equal(double.PositiveInfinity, new WeightedConformalQuantile([1], [0]).At(0, 0.5));
        Assert.Equal(double.PositiveInfinity, quantile.At(double.NaN, 0.5));
        Assert.Contains("row 2", Assert.Throws<ArgumentException>(
            () => new WeightedConformalQuantile([1, 2], [1, -1])).Message, StringComparison.Ordinal);
        Assert.Contains("row 1", Assert.Throws<ArgumentException>(
            () => new WeightedConformalQuantile([double.NaN], [1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => quantile.At(-1, 0.5));
    }
}
