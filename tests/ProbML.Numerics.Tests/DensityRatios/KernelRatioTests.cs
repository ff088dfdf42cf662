using ProbML.DensityRatios;

namespace ProbML.Numerics.Tests.DensityRatios;

/// <summary>Ratios as sums of kernels where the truth is known, and what makes them right.</summary>
public sealed class KernelRatioTests
{
    /// <summary>The peers' root mean square errors, floored as theirs: of uLSIF and KLIEP with 100 kernels chosen by five folds.</summary>
    [Theory]
    [InlineData("gauss_shift_cov", 0.993, 0.699)]
    [InlineData("gauss_shift_only", 0.690, 0.633)]
    [InlineData("mixture_vs_gauss", 2.039, 1.540)]
    public void A_known_ratio_is_found_at_least_as_well_as_by_the_peer(string name, double squares, double kliep)
    {
        var (train, test) = (KnownRatio.Train(name), KnownRatio.Test(name));
        double[] top = train.Sample(1), bottom = train.Sample(0);
        Assert.InRange(test.Error(LeastSquaresDensityRatio.Fit(top, bottom, KnownRatio.Dimension), isFloored: true), 0, squares);
        Assert.InRange(test.Error(KliepDensityRatio.Fit(top, bottom, KnownRatio.Dimension), isFloored: true), 0, kliep);
    }

    /// <summary>At the minimum over θ ≥ 0 the gradient is zero where θ &gt; 0 and not negative elsewhere (Karush, Kuhn and Tucker).</summary>
    [Theory]
    [InlineData(0.0, 1e-4), InlineData(0.0, 0.1), InlineData(0.3, 1e-3)]
    public void Constrained_least_squares_are_at_their_minimum(double alpha, double penalty)
    {
        var (top, bottom) = Samples(300, 2, seed: 3, shift: 0.8);
        const double Sigma = 0.7;
        var fit = LeastSquaresDensityRatio.Fit(
            top, bottom, 2, new() { Alpha = alpha, Regularization = penalty, Bandwidth = Sigma, CentreCount = 60 });
        double[] theta = [.. fit.Coefficients], centres = [.. fit.Centres], gradient = [.. theta.Select(value => penalty * value)];
        for (int l = 0; l < theta.Length; l++)
            foreach (var (rows, weight) in new[] { (top, alpha), (bottom, 1 - alpha) })
                gradient[l] += weight * Rows(rows).Average(x => Kernel(x, l) * fit.Ratio(x));
        for (int l = 0; l < theta.Length; l++)
        {
            gradient[l] -= Rows(top).Average(x => Kernel(x, l));
            Assert.True(theta[l] >= 0);
            Assert.True(theta[l] > 0 ? Math.Abs(gradient[l]) < 1e-8 : gradient[l] > -1e-8, $"{l}: {theta[l]}, {gradient[l]}");
        }
        Assert.Contains(theta, value => value == 0);
        Assert.Contains(theta, value => value > 0);

        double Kernel(double[] x, int l) => Math.Exp(
            -(Math.Pow(x[0] - centres[2 * l], 2) + Math.Pow(x[1] - centres[2 * l + 1], 2)) / (2 * Sigma * Sigma));
    }

    /// <summary>Where no coefficient of the closed form is negative, both are one.</summary>
    [Fact]
    public void The_constraint_changes_nothing_that_keeps_it()
    {
        var (top, bottom) = Samples(200, 1, seed: 4, shift: 0.3);
        var options = new KernelRatioOptions { Bandwidth = 0.3, Regularization = 10, CentreCount = 20 };
        var (free, bound) = (
            LeastSquaresDensityRatio.Fit(top, bottom, 1, options with { IsConstrained = false }), LeastSquaresDensityRatio.Fit(top, bottom, 1, options));
        Assert.All(free.Coefficients, value => Assert.True(value > 0));
        Assert.Equal(free.Divergence, bound.Divergence, 1e-10);
        for (int l = 0; l < 20; l++)
            Assert.Equal(free.Coefficients[l], bound.Coefficients[l], 1e-9);
    }

    /// <summary>A ratio does not know the units of its features: each is standardised where the width is to be chosen.</summary>
    [Fact]
    public void Units_of_features_do_not_matter()
    {
        var (top, bottom) = Samples(200, 2, seed: 5, shift: 0.5);
        double[] units = [1e-3, 1e4];
        double[] Other(double[] rows) => [.. rows.Select((value, i) => value * units[i % 2] + 7 * (i % 2))];
        foreach (var fit in new Func<double[], double[], KernelDensityRatio>[]
        {
            (x, y) => LeastSquaresDensityRatio.Fit(x, y, 2),
            (x, y) => LeastSquaresDensityRatio.Fit(x, y, 2, new() { IsConstrained = false }),
            (x, y) => KliepDensityRatio.Fit(x, y, 2),
        })
        {
            var (one, other) = (fit(top, bottom), fit(Other(top), Other(bottom)));
            Assert.Equal(one.Bandwidth, other.Bandwidth, 1e-6);
            foreach (double[] x in Rows(bottom).Take(20))
                Assert.Equal(one.Ratio(x), other.Ratio(Other(x)), 1e-5 * Math.Max(1, one.Ratio(x)));
        }
    }

    [Fact]
    public void Disjoint_samples_and_few_rows_give_finite_coefficients()
    {
        double[] far = [100, 101, 102, 103, 104.5], near = [0, 1, 2, 3, 4.5, 5];
        foreach (var fit in new[]
        {
            LeastSquaresDensityRatio.Fit(far, near, 1), LeastSquaresDensityRatio.Fit(far, near, 1, new() { IsConstrained = false }),
            KliepDensityRatio.Fit(far, near, 1),
        })
        {
            Assert.All(fit.Coefficients, value => Assert.True(double.IsFinite(value) && value >= 0));
            Assert.True(fit.Ratio([102]) > fit.Ratio([2]));
        }
    }

    private static (double[] Top, double[] Bottom) Samples(int rows, int d, int seed, double shift)
    {
        var (x, y) = DensityRatioFitterTests.Rows(2 * rows, d, seed, shift);
        return ([.. x.Where((_, i) => y[i / d] > 0)], [.. x.Where((_, i) => y[i / d] == 0)]);
    }

    private static IEnumerable<double[]> Rows(double[] values) => values.Chunk(2);
}
