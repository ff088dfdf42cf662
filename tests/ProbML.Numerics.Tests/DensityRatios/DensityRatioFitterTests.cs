using ProbML.DensityRatios;

namespace ProbML.Numerics.Tests.DensityRatios;

public sealed class DensityRatioFitterTests
{
    /// <summary>The best peer's root mean square error on each of the known ratios: logistic regression of the right degree.</summary>
    [Theory]
    [InlineData("gauss_shift_cov", 0.289, RatioShape.Quadratic)]
    [InlineData("gauss_shift_only", 0.074, RatioShape.Linear)]
    [InlineData("mixture_vs_gauss", 0.897, RatioShape.Quadratic)]
    public void A_known_ratio_is_found_at_least_as_well_as_by_the_best_peer(string name, double peer, RatioShape shape)
    {
        var model = Fit(KnownRatio.Train(name).Design, new());
        var test = KnownRatio.Test(name);
        Assert.InRange(test.Error(model), 0, peer);
        Assert.InRange(test.Error(model, isFloored: true), 0, peer);
        Assert.Equal(shape, model.Shape);
    }

    [Fact]
    public void A_row_is_scored_by_a_model_that_did_not_see_it()
    {
        var (x, y) = Rows(200, 3, seed: 4, shift: 1);
        var options = new DensityRatioOptions { Shape = RatioShape.Linear, L2 = 0.1, Components = 1 };
        var model = Fit(new MatrixDesign(x, y), options);
        var without = Fit(new MatrixDesign(x, y), options with { Folds = 0 });
        Assert.Equal(5, model.Folds);
        Assert.Equal(0, without.Folds);
        for (int i = 0; i < 3; i++)
        {
            var row = x.AsSpan(3 * i, 3).ToArray();
            double log = model.LogRatio(row), whole = without.LogRatio(row);
            Assert.NotEqual(whole, log);
            double[] flipped = [.. y];
            flipped[i] = 1 - y[i];
            var other = Fit(new MatrixDesign(x, flipped), options);
            Assert.NotEqual(whole, Fit(new MatrixDesign(x, flipped), options with { Folds = 0 }).LogRatio(row));
            // Its label is no part of how it is scored: the score would be the same but for rounding.
            Assert.Equal(log, other.LogRatio(row), 1e-9);
        }
        double[] unseen = [0.123456, -0.5, 2];
        Assert.Equal(without.LogRatio(unseen), model.LogRatio(unseen), 1e-12);
    }

    [Fact]
    public void The_class_prior_is_taken_out()
    {
        var (x, y) = Rows(20_000, 1, seed: 5, shift: 1);
        var weights = y.Select(value => value > 0 ? 1.0 : 7).ToArray();
        var options = new DensityRatioOptions { Shape = RatioShape.Linear, Folds = 2 };
        var even = Fit(new MatrixDesign(x, y), options);
        var uneven = Fit(new MatrixDesign(x, y, weights: weights), options);
        foreach (double at in new[] { -1.0, 0, 0.5, 2 })
        {
            Assert.Equal(at - 0.5, even.LogRatio([at]), 0.1);       // ln N(x; 1, 1)/N(x; 0, 1)
            Assert.Equal(at - 0.5, uneven.LogRatio([at]), 0.1);
        }
        Assert.Equal(0.5, even.Statistics.Divergences.KullbackLeibler.Value, 0.05);
        Assert.Equal(0.5, even.Statistics.Divergences.ReverseKullbackLeibler.Value, 0.05);
    }

    [Fact]
    public void Weights_average_to_one_and_are_worth_fewer_rows_the_further_apart_the_samples()
    {
        double[] sizes = [.. new[] { 0.0, 0.5, 1.5 }.Select(shift =>
        {
            var (x, y) = Rows(2000, 2, seed: 6, shift);
            var model = Fit(new MatrixDesign(x, y), new() { Components = 1 });
            double mean = Enumerable.Range(0, 2000).Where(i => y[i] == 0)
                .Average(i => model.Weight(model.LogRatio(x.AsSpan(2 * i, 2))));
            Assert.Equal(1, mean, 1e-9);
            return model.Statistics.EffectiveSampleSize;
        })];
        Assert.InRange(sizes[0], 950, 1000);
        // Var r/(E r)² of normals a shift s apart in each of two dimensions is exp(2 s²) − 1.
        Assert.Equal(1000 / Math.Exp(0.5), sizes[1], 100.0);
        Assert.InRange(sizes[2], 1, 200);
    }

    [Fact]
    public void Equal_samples_have_ratio_one()
    {
        var (x, y) = Rows(600, 2, seed: 7, shift: 0);
        double[] half = x[..600];
        y = [.. y.Select((_, i) => i < 300 ? 1.0 : 0)];
        var model = Fit(new MatrixDesign([.. half, .. half], y), new());
        for (int i = 0; i < 300; i++)
            Assert.Equal(0, model.LogRatio(half.AsSpan(2 * i, 2)), 1e-6);
    }

    [Fact]
    public void Disjoint_samples_give_finite_ratios_and_a_warning()
    {
        var (x, y) = Rows(200, 1, seed: 8, shift: 50);
        var warnings = new List<string>();
        var model = new DensityRatioFitter(new()).Fit(new MatrixDesign(x, y), new() { Warning = warnings.Add });
        for (int i = 0; i < 200; i++)
        {
            double log = model.LogRatio([x[i]]);
            Assert.True(double.IsFinite(log) && double.IsFinite(model.Weight(log)));
            Assert.Equal(y[i] > 0, log > 0);
        }
        Assert.Contains(warnings, text => text.Contains("hardly overlap", StringComparison.Ordinal));
    }

    [Fact]
    public void Ten_rows_are_enough_and_two_are_told_to_be_few()
    {
        var (x, y) = Rows(400, 2, seed: 9, shift: 0.5);
        for (int i = 0; i < y.Length; i++)
            y[i] = i < 10 ? 1 : 0;
        Assert.True(double.IsFinite(Fit(new MatrixDesign(x, y), new()).LogRatio([0, 0])));
        var warnings = new List<string>();
        var tiny = new DensityRatioFitter(new()).Fit(
            new MatrixDesign([0, 1], [0, 1]), new() { Warning = warnings.Add });
        Assert.Equal(0, tiny.Folds);
        Assert.True(tiny.LogRatio([1]) > tiny.LogRatio([0]));
        Assert.Contains(warnings, text => text.Contains("too few to leave any out", StringComparison.Ordinal));
    }

    [Fact]
    public void Bad_input_is_refused_by_name()
    {
        AssertRefused([1, 2, 3], [1, 1, 1], "belong to the numerator");
        AssertRefused([1, 2, 3], [0, 0, 0], "belong to the denominator");
        AssertRefused([1, 2, 3], [0, 1, 2], "in row 3 it is 2");
        AssertRefused([], [], "No valid training instances");
        foreach (var options in new DensityRatioOptions[]
        {
            new() { Folds = 1 }, new() { L2 = -1 }, new() { Components = 0 }, new() { Shape = (RatioShape)9 },
            new() { MaximumRatio = 0 }, new() { MaximumTerms = 0 }, new() { NumberOfThreads = 0 },
        })
            Assert.Throws<ArgumentOutOfRangeException>(() => new DensityRatioFitter(options));

        static void AssertRefused(double[] x, double[] y, string message)
        {
            var error = Assert.Throws<InvalidOperationException>(() => Fit(new MatrixDesign(x, y, ["x"]), new()));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Telescoping_reaches_samples_that_a_classifier_can_only_separate()
    {
        var (x, y) = Rows(4000, 1, seed: 10, shift: 10);
        double[] far = [.. x.Where((_, i) => y[i] > 0)], near = [.. x.Where((_, i) => y[i] == 0)];
        var ratio = TelescopingDensityRatio.Fit(far, near, 1, bridges: 8, new() { Shape = RatioShape.Linear, L2 = 0.1 });
        var plain = TelescopingDensityRatio.Fit(far, near, 1, bridges: 1, new() { Shape = RatioShape.Linear, L2 = 0.1 });
        foreach (double at in new[] { 0.0, 5, 10 })
            Assert.Equal(10 * at - 50, ratio.LogRatio([at]), 5.0);
        Assert.True(Math.Abs(plain.LogRatio([10]) - 50) > 3 * Math.Abs(ratio.LogRatio([10]) - 50));
        Assert.Equal(8, ratio.Bridges);
    }

    [Fact]
    public void Kernels_choose_their_widths_and_find_a_smooth_ratio()
    {
        var (x, y) = Rows(1000, 1, seed: 11, shift: 0.5);
        double[] top = [.. x.Where((_, i) => y[i] > 0)], bottom = [.. x.Where((_, i) => y[i] == 0)];
        var squares = LeastSquaresDensityRatio.Fit(top, bottom, 1);
        var relative = LeastSquaresDensityRatio.Fit(top, bottom, 1, new() { Alpha = 0.2 });
        var kliep = KliepDensityRatio.Fit(top, bottom, 1);
        foreach (double at in new[] { -0.5, 0, 0.5, 1 })
        {
            double truth = Math.Exp(0.5 * at - 0.125);
            Assert.Equal(truth, squares.Ratio([at]), 0.3);
            Assert.Equal(truth, kliep.Ratio([at]), 0.3);
            Assert.Equal(truth / (0.2 * truth + 0.8), relative.Ratio([at]), 0.3);
        }
        Assert.True(double.IsNaN(kliep.Ratio([double.NaN])));
        Assert.Throws<ArgumentException>(() => KliepDensityRatio.Fit([1, double.NaN], [1, 2], 1));
        Assert.Throws<ArgumentException>(() => LeastSquaresDensityRatio.Fit([1], [1, 2], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LeastSquaresDensityRatio.Fit(top, bottom, 1, new() { Alpha = 1 }));
    }

    private static DensityRatioModel Fit(MatrixDesign design, DensityRatioOptions options) =>
        new DensityRatioFitter(options).Fit(design, TrainingMonitor.None);

    /// <summary>Standard normals; every second row, the numerator's, is shifted in each dimension.</summary>
    internal static (double[] X, double[] Y) Rows(int count, int d, int seed, double shift)
    {
        var random = new Random(seed);
        double[] x = new double[count * d], y = new double[count];
        for (int i = 0; i < count; i++)
        {
            y[i] = i % 2;
            for (int j = 0; j < d; j++)
                x[i * d + j] = RandomNormal.Draw(random) + (i % 2 == 1 ? shift : 0);
        }
        return (x, y);
    }
}
