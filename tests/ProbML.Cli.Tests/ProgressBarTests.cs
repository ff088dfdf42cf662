namespace ProbML.Cli.Tests;

public sealed class ProgressBarTests
{
    [Theory]
    [InlineData(0.25, 30, "[######------------------]  25 %, 1:30 left")]
    [InlineData(0.5, 7200, "[############------------]  50 %, 2:00:00 left")]
    [InlineData(0.999, 10, "[#######################-]  99 %, 0:01 left")]
    [InlineData(0.001, 10, "[------------------------]   0 %")]
    [InlineData(1.0, 10, "[########################] 100 %")]
    [InlineData(7.0, 10, "[########################] 100 %")]
    [InlineData(double.NaN, 10, "[------------------------]   0 %")]
    public void A_bar_says_how_much_is_done_and_how_long_the_rest_takes(double done, int seconds, string bar) =>
        Assert.Equal(bar, ProgressBar.Of(done, TimeSpan.FromSeconds(seconds)));
}
