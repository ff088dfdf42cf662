using CsCheck;
using static ProbML.Numerics.Tests.Distributions.Near;

namespace ProbML.Numerics.Tests.Distributions;

/// <summary>What holds of special functions and distributions at any argument.</summary>
public class DistributionLawTests
{
    private static readonly Gen<double> probability =
        Gen.OneOf(Gen.Double[1e-6, 1 - 1e-6], Gen.Double[-200, -1].Select(Math.Exp));

    private static readonly Gen<double> scale = Gen.Double[-4, 9].Select(Math.Exp);

    [Fact]
    public void Elementary_functions_invert_each_other() => Gen.Double[-0.9, 3].Sample(x =>
    {
        AssertClose(x, Elementary.Expm1(Elementary.Log1p(x)), 3e-15);
        AssertClose(x - Elementary.Log1p(x), Elementary.LogExcess(x), 1e-15, 2e-16);
    });

    [Fact]
    public void Small_arguments_keep_their_digits() => Gen.Double[-30, -12].Select(Math.Exp).Sample(x =>
    {
        AssertClose(x * (1 - x / 2 + x * x / 3), Elementary.Log1p(x), 1e-15);
        AssertClose(x * (1 + x / 2 + x * x / 6), Elementary.Expm1(x), 1e-15);
        AssertClose(x * x * (0.5 - x / 3 + x * x / 4), Elementary.LogExcess(x), 2e-15);
    });

    [Fact]
    public void Gamma_functions_satisfy_their_recurrences() => scale.Sample(x =>
    {
        AssertClose(GammaFunctions.LogGamma(x) + Math.Log(x), GammaFunctions.LogGamma(x + 1), 1e-14, 1e-14);
        AssertClose(GammaFunctions.Digamma(x) + 1 / x, GammaFunctions.Digamma(x + 1), 1e-14, 1e-14 * (1 + 1 / x));
        AssertClose(GammaFunctions.Trigamma(x), GammaFunctions.Trigamma(x + 1) + 1 / (x * x), 1e-14);
    });

    [Fact]
    public void Normal_quantile_inverts_the_cdf() => probability.Sample(p =>
    {
        double x = NormalDistribution.Quantile(p);
        AssertClose(p, NormalDistribution.Cdf(x), 2e-15 * (1 + x * x));
        Assert.Equal(-x, NormalDistribution.UpperQuantile(p));
        AssertClose(Math.Log(p), NormalDistribution.LogCdf(x), 1e-13, 2e-15 * (1 + x * x));
    });

    [Fact]
    public void Incomplete_gamma_steps_by_its_density() => Gen.Select(scale, Gen.Double[-4, 4]).Sample((a, z) =>
    {
        double x = a * Math.Exp(z / Math.Sqrt(1 + a));
        double step = Math.Exp(a * Math.Log(x) - x - GammaFunctions.LogGamma(a + 1));
        AssertClose(IncompleteGamma.Lower(a, x) - step, IncompleteGamma.Lower(a + 1, x), 0, 1e-11);
        Assert.Equal(1, IncompleteGamma.Lower(a, x) + IncompleteGamma.Upper(a, x), 1e-15);
    });

    [Fact]
    public void Incomplete_beta_steps_by_its_density() =>
        Gen.Select(scale, scale, Gen.Double[-4, 4]).Sample((a, b, z) =>
    {
        double x = 1 / (1 + b / a * Math.Exp(z / Math.Sqrt(1 + Math.Min(a, b))));
        double step = IncompleteBeta.Density(a, b, x, 1 - x) / a;
        AssertClose(IncompleteBeta.Lower(a, b, x, 1 - x) - step, IncompleteBeta.Lower(a + 1, b, x, 1 - x), 0, 1e-13);
        AssertClose(1 - IncompleteBeta.Lower(b, a, 1 - x, x), IncompleteBeta.Lower(a, b, x, 1 - x), 0, 1e-13);
    });

    [Fact]
    public void Student_quantile_inverts_the_cdf() =>
        Gen.Select(Gen.Double[-60, -0.7].Select(Math.Exp), Gen.Double[0, 14].Select(Math.Exp)).Sample((p, degrees) =>
        {
            double t = StudentT.Quantile(p, degrees);
            AssertClose(p, StudentT.Cdf(t, degrees), 1e-12);
        });

    [Fact]
    public void F_of_one_and_t_squared_agree() => Gen.Select(Gen.Double[0.1, 20], scale).Sample((t, degrees) =>
        AssertClose(StudentT.TwoSided(t, degrees), FisherF.UpperTail(t * t, 1, degrees), 1e-12));

    [Fact]
    public void Chi_squared_quantile_inverts_the_cdf() => Gen.Select(probability, scale).Sample((p, degrees) =>
    {
        double x = ChiSquared.Quantile(p, degrees);
        if (x > 1e-290) AssertClose(p, ChiSquared.Cdf(x, degrees), 1e-12);
    });

    [Fact]
    public void Far_quantiles_are_found()
    {
        AssertClose(1e-200, StudentT.Cdf(StudentT.Quantile(1e-200, 0.8), 0.8), 1e-12);
        AssertClose(1e-150, IncompleteGamma.Lower(1e6, GammaDistribution.Quantile(1e-150, 1e6)), 1e-10);
        AssertClose(1e-150, InverseGaussianDistribution.Cdf(InverseGaussianDistribution.Quantile(1e-150, 9), 9), 1e-12);
        double y = PoissonDistribution.Quantile(1e-100, 756);
        Assert.True(PoissonDistribution.Cdf(y, 756) >= 1e-100 && PoissonDistribution.Cdf(y - 1, 756) < 1e-100);
        y = NegativeBinomialDistribution.Quantile(1 - 2e-15, 5e7, 0.003);
        Assert.Equal(1, NegativeBinomialDistribution.Cdf(y, 5e7, 0.003), 1e-13);
        y = TweedieDistribution.Quantile(1e-120, 1000, 0.1, 1.6);
        AssertClose(1e-120, TweedieDistribution.Cdf(y, 1000, 0.1, 1.6), 1e-11);
    }

    [Fact]
    public void Infinite_degrees_of_freedom_are_normal_and_chi_squared()
    {
        Assert.Equal(NormalDistribution.TwoSided(2), StudentT.TwoSided(2, double.PositiveInfinity));
        Assert.Equal(NormalDistribution.Quantile(0.9), StudentT.Quantile(0.9, double.PositiveInfinity));
        Assert.Equal(ChiSquared.UpperTail(6, 3), FisherF.UpperTail(2, 3, double.PositiveInfinity));
        AssertClose(ChiSquared.UpperTail(6, 3), FisherF.UpperTail(2, 3, 1e13), 1e-12);
    }

    [Fact]
    public void Ends_of_the_ranges()
    {
        Assert.Equal(double.NegativeInfinity, NormalDistribution.Quantile(0));
        Assert.Equal(double.PositiveInfinity, NormalDistribution.Quantile(1));
        Assert.Equal(double.NaN, NormalDistribution.Quantile(1.5));
        Assert.Equal(0, StudentT.TwoSided(double.PositiveInfinity, 5));
        Assert.Equal(1, StudentT.TwoSided(0, 5));
        Assert.Equal(1, ChiSquared.UpperTail(0, 5));
        Assert.Equal(0, FisherF.UpperTail(double.PositiveInfinity, 2, 5));
        Assert.Equal(double.NaN, IncompleteGamma.Lower(-1, 2));
        Assert.Equal(double.NaN, GammaFunctions.Digamma(0));
    }
}
