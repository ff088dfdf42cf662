using ProbML.TwoSample;

namespace ProbML.Numerics.Tests.TwoSample;

public sealed class TwoSampleTests
{
    private static readonly double[] X = [0.61, -1.2, 0.33, 2.4, 0.05, -0.7, 1.9, 0.8];
    private static readonly double[] Y = [1.1, 2.2, 0.9, 3.3, -0.2, 1.7, 2.9, 0.4, 1.3, 2.0];
    private static readonly double[] TiedX = [1, 2, 2, 3, 3, 3, 4, 5], TiedY = [2, 3, 4, 4, 5, 5, 5, 6, 7];

    /// <summary>R 4.2: ks.test(x, y), and with ties exact = TRUE.</summary>
    [Fact]
    public void Kolmogorov_and_Smirnov_agree_with_R()
    {
        var plain = KolmogorovSmirnov.Test(X, Y);
        Assert.Equal(0.55, plain.Statistic, 1e-14);
        Assert.Equal(0.095114036290503301, plain.PValue, 1e-13);
        var tied = KolmogorovSmirnov.Test(TiedX, TiedY);
        Assert.Equal(0.52777777777777779, tied.Statistic, 1e-14);
        Assert.Equal(0.060139860139863499, tied.PValue, 1e-11);
        Assert.Equal(new(0, 1), KolmogorovSmirnov.Test(X, X));
        Assert.Equal(1, KolmogorovSmirnov.Test([1, 2], [3, 4]).Statistic);
    }

    /// <summary>The limit and the exact distribution meet where samples are large.</summary>
    [Fact]
    public void Kolmogorovs_limit_continues_the_exact_p()
    {
        var random = new Random(5);
        double[] x = [.. Enumerable.Range(0, 1000).Select(_ => random.NextDouble())];
        double[] y = [.. Enumerable.Range(0, 1000).Select(_ => random.NextDouble() * 1.03)];
        double exact = KolmogorovSmirnov.Test(x, y).PValue;
        double limit = KolmogorovSmirnov.Test(x, [.. y, 0.5]).PValue;         // one row more than is counted exactly
        Assert.Equal(exact, limit, 0.02);
    }

    /// <summary>R 4.2: chisq.test(rbind(...), correct = FALSE); p.adjust; wilcox.test(correct = TRUE, exact = FALSE).</summary>
    [Fact]
    public void Counts_adjustments_and_rank_sums_agree_with_R()
    {
        var counts = ChiSquareTest.Test([10, 20, 30], [25, 15, 8]);
        Assert.Equal(18.778195488721806, counts.Statistic, 1e-12);
        Assert.Equal(8.3630878638952567e-05, counts.PValue, 1e-15);
        Assert.Equal(counts, ChiSquareTest.Test([10, 0, 20, 30], [25, 0, 15, 8]));
        double[] p = [0.01, 0.04, 0.03, 0.005, 0.2, 0.9];
        AssertClose([0.05, 0.12, 0.12, 0.03, 0.4, 0.9], MultipleTesting.Holm(p));
        AssertClose([0.03, 0.06, 0.06, 0.03, 0.24, 0.9], MultipleTesting.BenjaminiHochberg(p));
        Assert.Equal(0.041581574468155406, ClassifierTwoSampleTest.FromScores(Y, X).PValue, 1e-13);
        Assert.Equal(0.017633747634335933, ClassifierTwoSampleTest.FromScores(TiedY, TiedX).PValue, 1e-13);
        Assert.Equal(58.0 / 72, ClassifierTwoSampleTest.FromScores(TiedY, TiedX).AreaUnderCurve, 1e-14);
    }

    /// <summary>scipy.stats: energy_distance(x, y)², wasserstein_distance(x, y).</summary>
    [Fact]
    public void Distances_in_one_dimension_agree_with_scipy()
    {
        Assert.Equal(0.5876875, EnergyDistance.Of(X, Y, 1), 1e-12);
        var transport = Sinkhorn.Wasserstein(X, Y, 1, power: 1, regularization: 1e-3, maximumIterations: 20_000);
        Assert.Equal(1.03625, transport.Distance, 1e-3);
    }

    [Fact]
    public void Transport_is_zero_to_itself_and_symmetric_and_knows_a_shift()
    {
        var random = new Random(6);
        double[] x = Normals(random, 30, 2), y = [.. x.Select((value, i) => i % 2 == 0 ? value + 3 : value)];
        Assert.Equal(0, Sinkhorn.Wasserstein(x, x, 2).Divergence, 1e-9);
        var there = Sinkhorn.Wasserstein(x, y, 2, regularization: 0.1);
        Assert.True(there.Converged);
        Assert.Equal(9, there.Divergence, 1e-4);                // a translation costs its squared length, whatever ε
        Assert.Equal(there.Divergence, Sinkhorn.Wasserstein(y, x, 2, regularization: 0.1).Divergence, 1e-4);
        Assert.Equal(0, Sinkhorn.Wasserstein([1, 1], [1], 1).Distance);
    }

    /// <summary>N(1, 1) against N(0, 1): KL ½, Hellinger² 1 − e^(−1/8), total variation 2Φ(½) − 1.</summary>
    [Fact]
    public void Divergences_of_known_ratios_are_those_of_the_normals()
    {
        var random = new Random(7);
        double[] top = [.. Normals(random, 40_000, 1).Select(z => z + 1 - 0.5)], bottom = [.. Normals(random, 40_000, 1).Select(z => z - 0.5)];
        var found = FDivergences.Of(top, bottom);
        Within(0.5, found.KullbackLeibler);
        Within(0.5, found.ReverseKullbackLeibler);
        Within(1 - Math.Exp(-0.125), found.SquaredHellinger);
        Within(2 * NormalDistribution.Cdf(0.5) - 1, found.TotalVariation);
        Within(0.1108, found.JensenShannon);                    // by quadrature
        Assert.InRange(found.KullbackLeibler.StandardError, 0.0045, 0.0055);

        static void Within(double truth, ProbML.Evaluation.Estimate one) =>
            Assert.Equal(truth, one.Value, 4 * one.StandardError + 1e-4);
    }

    /// <summary>Each test rejects equal distributions about one time in twenty: 120 nulls, four binomial standard errors.</summary>
    [Fact]
    public void The_level_is_what_it_says()
    {
        const int Nulls = 120, Rows = 32;
        var random = new Random(8);
        var rejections = new int[6];
        for (int k = 0; k < Nulls; k++)
        {
            double[] x = Normals(random, Rows, 2), y = Normals(random, Rows, 2);
            double[] p =
            [
                MaximumMeanDiscrepancy.Test(x, y, 2, new() { Permutations = 99, Seed = k }).PValue,
                MaximumMeanDiscrepancy.Test(x, y, 2, new() { Permutations = 99, Seed = k, Width = KernelWidth.PowerMaximised }).PValue,
                EnergyDistance.Test(x, y, 2, 99, k).PValue,
                MaximumMeanDiscrepancy.BlockTest(x, y, 2, new() { Seed = k }).PValue,
                KolmogorovSmirnov.Test([.. x.Where((_, i) => i % 2 == 0)], [.. y.Where((_, i) => i % 2 == 0)]).PValue,
                ClassifierTwoSampleTest.Test(
                    x, y, 2, new() { Shape = RatioShape.Quadratic, L2 = 1, Components = 1, Seed = k }).PValue,
            ];
            for (int t = 0; t < p.Length; t++)
                rejections[t] += p[t] <= 0.05 ? 1 : 0;
        }
        double four = 4 * Math.Sqrt(0.05 * 0.95 / Nulls);
        for (int t = 0; t < rejections.Length; t++)
            Assert.True(
                rejections[t] / (double)Nulls <= 0.05 + four && rejections[t] > 0, $"test {t}: {rejections[t]} of {Nulls}");
    }

    [Fact]
    public void Differences_are_found()
    {
        var random = new Random(9);
        double[] x = Normals(random, 150, 3), y = [.. Normals(random, 150, 3).Select(value => value * 1.5)];
        Assert.True(MaximumMeanDiscrepancy.Test(x, y, 3, new() { Permutations = 199 }).PValue < 0.01);
        Assert.True(EnergyDistance.Test(x, y, 3, 199).PValue < 0.05);
        Assert.True(ClassifierTwoSampleTest.Test(x, y, 3).PValue < 0.01);
        double[] far = [.. Normals(random, 4000, 3).Select(value => value + 0.5)];
        Assert.True(MaximumMeanDiscrepancy.LinearTimeTest(Normals(random, 4000, 3), far, 3).PValue < 1e-3);
        Assert.Equal(1, MaximumMeanDiscrepancy.Test(x, x, 3, new() { Permutations = 99 }).PValue);
    }

    [Fact]
    public void Bad_samples_are_refused_by_row_and_column()
    {
        var error = Assert.Throws<ArgumentException>(() => MaximumMeanDiscrepancy.Test([1, 2, 3, double.NaN], [1, 2, 3, 4], 2));
        Assert.Contains("Row 2 of the first sample has NaN in column 2", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => MaximumMeanDiscrepancy.Unbiased([1, 2, 3], [1, 2], 2, 1));
        Assert.Throws<ArgumentException>(() => MaximumMeanDiscrepancy.BlockTest([1, 2], [1, 2], 1));
        Assert.Throws<ArgumentException>(() => EnergyDistance.Of([], [1], 1));
        Assert.Throws<ArgumentException>(() => KolmogorovSmirnov.Test([1, double.PositiveInfinity], [1]));
        Assert.Throws<ArgumentException>(() => ChiSquareTest.Test([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => ChiSquareTest.Test([0, 0], [1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => MultipleTesting.Holm([0.5, 1.5]));
        Assert.Throws<ArgumentException>(() => ClassifierTwoSampleTest.Test([1, 2, 3], [1, 2, 3, 4], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MaximumMeanDiscrepancy.Test(X, Y, 1, new() { Permutations = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sinkhorn.Wasserstein(X, Y, 1, regularization: 0));
    }

    private static double[] Normals(Random random, int rows, int d)
    {
        var values = new double[rows * d];
        RandomNormal.Fill(random, values);
        return values;
    }

    private static void AssertClose(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-14);
    }
}
