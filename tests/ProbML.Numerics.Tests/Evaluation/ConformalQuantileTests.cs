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
}
