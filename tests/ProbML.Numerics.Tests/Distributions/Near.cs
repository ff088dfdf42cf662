namespace ProbML.Numerics.Tests.Distributions;

internal static class Near
{
    /// <summary>|expected − actual| ≤ relative |expected| + absolute.</summary>
    public static void AssertClose(double expected, double actual, double relative, double absolute = 0)
    {
        double allowed = relative * Math.Abs(expected) + absolute;
        Assert.True(Math.Abs(expected - actual) <= allowed, $"{expected:R} but {actual:R}");
    }
}
