namespace ProbML.Cli.Tests;

public sealed class ProgressBarTests
{
    [Theory]
    [InlineData(25, 100, 30, "[######------------------]  25 %, 0:30 passed, 1:30 left, NUTS 25: objective 12.5")]
    [InlineData(5, 10, 7200, "[############------------]  50 %, 2:00:00 passed, 2:00:00 left, NUTS 5: objective 12.5")]
    [InlineData(1, 27, 3600, "[------------------------]   3 %, 1:00:00 passed, 26:00:00 left, NUTS 1: objective 12.5")]
    [InlineData(999, 1000, 10, "[#######################-]  99 %, 0:10 passed, 0:01 left, NUTS 999: objective 12.5")]
    [InlineData(1, 1000, 10, "[------------------------]   0 %, 0:10 passed, NUTS 1: objective 12.5")]
    [InlineData(10, 10, 10, "[########################] 100 %, 0:10 passed, NUTS 10: objective 12.5")]
    [InlineData(70, 10, 10, "[########################] 100 %, 0:10 passed, NUTS 70: objective 12.5")]
    [InlineData(1234, 0, 0, "NUTS 1,234: objective 12.5")]
    public void A_line_says_how_much_is_done_and_how_long_the_rest_takes(int done, int total, int seconds, string line) => Assert.Equal(
        line,
        ProgressBar.Of(
            new("NUTS", done, 12.5, 0, TimeSpan.FromSeconds(seconds)) { Completed = done, Total = total > 0 ? total : null }, "objective"));

    [Fact]
    public void Without_an_end_a_line_tells_time_and_pace() =>
        Assert.Equal("0:02 passed, IRLS 3: objective 7, 500 rows/s", ProgressBar.Of(new("IRLS", 3, 7, 1_000, TimeSpan.FromSeconds(2)), "objective"));

    [Fact]
    public void An_objective_that_is_not_computed_is_not_told() =>
        Assert.Equal("Flow 3", ProgressBar.Of(new("Flow", 3, double.NaN, 0, TimeSpan.Zero), "objective"));
}
