using ProbML.Evaluation;

namespace ProbML.Numerics.Tests.Evaluation;

public sealed class EvidenceTests
{
    // f(θ) = exp(3) N(θ; m, S) exactly, so ln Z = 3.
    private static readonly double[] Mean = [1, -2];
    private static readonly double[] Covariance = [2, 0.6, 0.6, 0.5];

    [Fact]
    public void Importance_sampling_finds_the_constant_of_a_density()
    {
        var found = Evidence.ByImportanceSampling(LogDensity, [1.2, -1.9], [2.2, 0.5, 0.5, 0.6], 20_000, new Random(3));
        Assert.InRange(found.StandardError, 1e-4, 0.01);
        Assert.Equal(3, found.Value, 4 * found.StandardError);
    }

    [Fact]
    public void Bridge_sampling_finds_the_constant_of_a_density()
    {
        var random = new Random(4);
        var draws = new double[2 * 4000];
        for (int s = 0; s < 4000; s++)
        {
            double first = Normal(random), second = Normal(random);
            draws[2 * s] = Mean[0] + Math.Sqrt(2) * first;
            draws[2 * s + 1] = Mean[1] + 0.6 / Math.Sqrt(2) * first + Math.Sqrt(0.5 - 0.18) * second;
        }
        var found = Evidence.ByBridgeSampling(LogDensity, draws, 2, random);
        Assert.True(found.StandardError < 0.01);
        Assert.Equal(3, found.Value, 4 * found.StandardError + 1e-3);
    }

    [Fact]
    public void Bridge_sampling_of_a_skewed_density()
    {
        // f(θ) = exp(aθ − e^θ): θ is the log of a Gamma(a) variable, Z = Γ(a).
        const double Shape = 2.5;
        var random = new Random(6);
        double[] draws = [.. Enumerable.Range(0, 6000).Select(s =>
            Math.Log(GammaDistribution.Quantile(1 - random.NextDouble(), Shape)))];
        var found = Evidence.ByBridgeSampling(theta => Shape * theta[0] - Math.Exp(theta[0]), draws, 1, random);
        Assert.InRange(found.StandardError, 1e-4, 0.02);
        Assert.Equal(GammaFunctions.LogGamma(Shape), found.Value, 4 * found.StandardError);
    }

    [Fact]
    public void Bad_input_is_named()
    {
        Assert.Throws<ArgumentException>(() =>
            Evidence.ByImportanceSampling(LogDensity, [0, 0], [1, 2, 2, 1], 100, new Random(1)));
        Assert.Throws<ArgumentException>(() =>
            Evidence.ByImportanceSampling(LogDensity, [0, 0], [1, 2], 100, new Random(1)));
        Assert.Throws<ArgumentException>(() => Evidence.ByBridgeSampling(LogDensity, new double[20], 2, new Random(1)));
        Assert.Throws<ArgumentException>(() => Evidence.ByBridgeSampling(LogDensity, new double[200], 2, new Random(1)));
    }

    private static double LogDensity(ReadOnlySpan<double> theta)
    {
        double a = theta[0] - Mean[0], b = theta[1] - Mean[1], determinant = 2 * 0.5 - 0.36;
        double square = (0.5 * a * a - 1.2 * a * b + 2 * b * b) / determinant;
        return 3 - Math.Log(2 * Math.PI) - 0.5 * Math.Log(determinant) - 0.5 * square;
    }

    private static double Normal(Random random) => NormalDistribution.Quantile(1 - random.NextDouble());
}
