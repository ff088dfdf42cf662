namespace ProbML.Tests;

public sealed class TobitTests
{
    public static TheoryData<string> Ids => [.. ReferenceCase.Ids("tobit")];

    [Theory, MemberData(nameof(Ids))]
    public void Fit_agrees_with_the_reference(string id)
    {
        var golden = ReferenceCase.Load(id);
        var fitter = new TobitFitter();
        var model = fitter.Fit(golden.Design(), TrainingMonitor.None);
        VectorReference.AssertAgrees(golden, model.Coefficients, model.Covariance, model.Statistics);
        ReferenceTests.Number(golden.Results, "sigma", model.Sigma);
        ReferenceTests.Number(golden.Results, "n_censored", model.LowerCount);
        double[] etas = ReferenceTests.Doubles(golden.Results, "linear_predictor_first_rows");
        double[] means = ReferenceTests.Doubles(golden.Results, "mean_first_rows");
        foreach (var (row, i) in VectorReference.Rows(golden.Design(), etas.Length).Select((row, i) => (row, i)))
        {
            ReferenceTests.AssertClose($"eta of row {i + 1}", etas[i], model.LatentMean(row), 1e-8, 1e-9 * model.Sigma);
            ReferenceTests.AssertClose($"mean of row {i + 1}", means[i], model.Mean(row), 1e-7, 1e-9 * model.Sigma);
        }
        VectorReference.AssertProfile(golden, golden.Design(), model);
        VectorReference.AssertTest(golden, design =>
        {
            var reduced = fitter.Fit(design, TrainingMonitor.None);
            return (reduced.Statistics, model.TestAgainst(reduced));
        });
    }

    [Fact]
    public void Every_reference_file_is_in_the_table()
    {
        SharedFolder.Require("reference", "glm");
        Assert.Equal(4, ReferenceCase.Ids("tobit").Count());
    }

    [Fact]
    public void Without_censored_rows_it_is_the_linear_regression_of_maximum_likelihood()
    {
        var design = Design(-100, 100);
        var tobit = Fit(design, new() { Lower = -100, Upper = 100 });
        var linear = GlmCases.Fit(design, new GlmOptions());
        double n = linear.Statistics.Rows, sigma = Math.Sqrt(linear.Statistics.Deviance / n);
        Assert.Equal(sigma, tobit.Sigma, 1e-9);
        Assert.Equal(1 / Math.Sqrt(2 * n), tobit.Coefficients[3].StandardError, 1e-9);
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(linear.Coefficients[j].Estimate, tobit.Coefficients[j].Estimate, 1e-9);
            double error = linear.Coefficients[j].StandardError * sigma / Math.Sqrt(linear.Statistics.Dispersion);
            Assert.Equal(error, tobit.Coefficients[j].StandardError, 1e-9);
        }
        Assert.Equal(linear.Statistics.LogLikelihood, tobit.Statistics.LogLikelihood, 1e-8);
        float[] row = VectorReference.Score(tobit, [[1, 12]], [2])[0];
        Assert.Equal(row[6], row[0], 1e-6f);
        Assert.Equal(0, row[7], 1e-6f);
    }

    [Fact]
    public void Mirroring_the_response_mirrors_the_model()
    {
        var left = Fit(Design(0, 100), new() { Lower = 0 });
        var right = Fit(Design(0, 100, mirror: true), new() { Lower = null, Upper = 0 });
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(left.Coefficients[j].Estimate, -right.Coefficients[j].Estimate, 1e-8);
            Assert.Equal(left.Coefficients[j].StandardError, right.Coefficients[j].StandardError, 1e-8);
        }
        Assert.Equal(left.Sigma, right.Sigma, 1e-8);
        Assert.Equal(left.LowerCount, right.UpperCount);
        double[][] rows = [[1, 12], [-1, 14], [0, 10], [40, 12], [-40, 12]];
        float[][] there = VectorReference.Score(left, rows, [1, 0, 2, 3, 0]);
        float[][] here = VectorReference.Score(right, rows, [-1, 0, -2, -3, 0]);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(there[i][0], -here[i][0], 1e-5f);
            Assert.Equal(there[i][4], -here[i][5], 1e-5f);
            foreach (int same in (int[])[1, 2, 3, 7])
                Assert.Equal(there[i][same], here[i][same], 1e-4f);
        }
    }

    [Theory]
    [InlineData(0, double.PositiveInfinity, 0.3), InlineData(0, 2, 1), InlineData(1, 2, -2), InlineData(-2, -1, 1)]
    [InlineData(double.NegativeInfinity, 1, 2), InlineData(-30, 30, 0), InlineData(5, double.PositiveInfinity, 0)]
    public void Moments_of_the_censored_normal_are_its_integrals(double lower, double upper, double eta)
    {
        const double Sigma = 1.3;
        const int Steps = 200_000;
        double mean = 0, square = 0;
        for (int i = 0; i < Steps; i++)                   // midpoints in probability
        {
            double y = Math.Clamp(eta + Sigma * NormalDistribution.Quantile((i + 0.5) / Steps), lower, upper);
            (mean, square) = (mean + y / Steps, square + y * y / Steps);
        }
        var found = new Fitting.CensoredNormal(eta, Sigma, lower, upper);
        Assert.Equal(mean, found.Mean, 1e-4);
        Assert.Equal(square - mean * mean, found.Variance, 1e-3);
        double Mean(double e, double s) => new Fitting.CensoredNormal(e, s, lower, upper).Mean;
        Assert.Equal((Mean(eta + 1e-5, Sigma) - Mean(eta - 1e-5, Sigma)) / 2e-5, found.MeanSlope, 1e-7);
        Assert.Equal((Mean(eta, Sigma * Math.Exp(1e-5)) - Mean(eta, Sigma * Math.Exp(-1e-5))) / 2e-5, found.MeanScaleSlope, 1e-7);
    }

    [Theory]
    [InlineData(1e-6, 0), InlineData(1e6, 0), InlineData(1, 1e6)]
    public void Units_and_origin_of_a_feature_do_not_matter(double scale, double origin)
    {
        var there = Fit(Design(0, 3), new() { Upper = 3 });
        var here = Fit(Design(0, 3, scale: scale, origin: origin), new() { Upper = 3 });
        Assert.True(here.Converged);
        Assert.Equal(1, here.Coefficients[1].Estimate * scale / there.Coefficients[1].Estimate, 1e-7);
        Assert.Equal(1, here.Coefficients[1].StandardError * scale / there.Coefficients[1].StandardError, 1e-7);
        Assert.Equal(there.Statistics.LogLikelihood, here.Statistics.LogLikelihood, 1e-7);
    }

    [Fact]
    public void Both_limits_recover_the_truth_and_intervals_cover()
    {
        var model = Fit(Design(0, 3, n: 4_000), new() { Upper = 3, Level = 0.9 });
        Assert.InRange(model.Coefficients[1].Estimate, 0.9, 1.1);
        Assert.InRange(model.Coefficients[2].Estimate, -0.45, -0.35);
        Assert.InRange(model.Sigma, 0.95, 1.05);
        Assert.True(model.LowerCount > 100 && model.UpperCount > 100);
        var fresh = Design(0, 3, n: 4_000, seed: 99);
        double[][] rows = [.. VectorReference.Rows(fresh, 4_000)];
        double[] y = Responses(fresh);
        float[][] found = VectorReference.Score(model, rows, y);
        int inside = Enumerable.Range(0, y.Length).Count(i => found[i][4] <= y[i] && y[i] <= found[i][5]);
        Assert.InRange(inside / (double)y.Length, 0.89, 1);           // an end at a limit covers more
        Assert.Equal(y.Average(), found.Average(row => row[0]), 0.05);
        double censored = y.Count(v => v is 0 or 3) / (double)y.Length;
        Assert.Equal(censored, found.Average(row => row[7]), 0.03);
    }

    [Fact]
    public void An_offset_is_a_feature_whose_coefficient_is_one()
    {
        var design = Design(0, 100);
        double[][] rows = [.. VectorReference.Rows(design, 4_000)];
        double[] offsets = [.. rows.Select(row => 0.7 * row[0])];
        var with = Fit(new MatrixDesign([.. rows.SelectMany(r => r)], Responses(design), offsets: offsets), new());
        var without = Fit(design, new());
        Assert.Equal(without.Coefficients[1].Estimate - 0.7, with.Coefficients[1].Estimate, 1e-8);
        Assert.Equal(without.Mean([1, 12]), with.Mean([1, 12], 0.7), 1e-8);
        Assert.Equal(without.Statistics.LogLikelihood, with.Statistics.LogLikelihood, 1e-8);
    }

    [Fact]
    public void The_posterior_mode_minimises_the_stated_objective()
    {
        var design = Design(0, 100);
        var (free, ridge) = (Fit(design, new()), Fit(design, new() { L2 = 50 }));
        double penalty = 25 * ridge.Coefficients.Skip(1).Take(2).Sum(c => c.Estimate * c.Estimate);
        Assert.Equal(ridge.Statistics.Objective, penalty - ridge.Statistics.LogLikelihood, 1e-9);
        Assert.True(Math.Abs(ridge.Coefficients[1].Estimate) < Math.Abs(free.Coefficients[1].Estimate));
        Assert.True(ridge.Converged);
    }

    [Fact]
    public void Without_an_intercept_there_is_none()
    {
        var model = Fit(Design(0, 100), new() { Intercept = false });
        Assert.Equal(["x1", "x2", "log(sigma)"], model.Coefficients.Select(c => c.Name));
        Assert.True(model.Converged);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        var design = Design(0, 3, n: 9_000);
        var options = new TobitOptions { Upper = 3 };
        Assert.Equal(
            VectorReference.Saved(Fit(design, options with { NumberOfThreads = 1 })),
            VectorReference.Saved(Fit(design, options with { NumberOfThreads = 5 })));
    }

    [Theory]
    [InlineData(0d, null), InlineData(null, 3d), InlineData(0d, 3d)]
    public void Saved_is_loaded_bit_for_bit(double? lower, double? upper)
    {
        var model = Fit(Design(lower ?? -100, upper ?? 100), new() { Lower = lower, Upper = upper, Level = 0.9 });
        byte[] bytes = VectorReference.Saved(model);
        var loaded = VectorReference.Loaded<TobitModel>(bytes);
        Assert.Equal(bytes, VectorReference.Saved(loaded));
        Assert.Equal(model.ToString(), loaded.ToString());
        Assert.Equal(model.Options.Upper, loaded.Options.Upper);
        Assert.Equal(VectorReference.Score(model, [[1, 12]])[0], VectorReference.Score(loaded, [[1, 12]])[0]);
        Assert.ThrowsAny<FormatException>(() => VectorReference.Loaded<TobitModel>([9, .. bytes[1..]]));
    }

    [Fact]
    public void A_weight_is_a_count_of_equal_rows()
    {
        var design = Design(0, 100, n: 200);
        double[][] rows = [.. VectorReference.Rows(design, 4_000)];
        double[] y = Responses(design), w = [.. y.Select((_, i) => 1.0 + i % 3)];
        int[] copies = [.. Enumerable.Range(0, y.Length).SelectMany(i => Enumerable.Repeat(i, (int)w[i]))];
        var weighted = Fit(GlmCases.Of(rows, y, w), new());
        var repeated = Fit(GlmCases.Of([.. copies.Select(i => rows[i])], [.. copies.Select(i => y[i])]), new());
        Assert.Equal(repeated.Statistics.LogLikelihood, weighted.Statistics.LogLikelihood, 1e-8);
        for (int j = 0; j < 4; j++)
        {
            Assert.Equal(repeated.Coefficients[j].Estimate, weighted.Coefficients[j].Estimate, 1e-8);
            Assert.Equal(repeated.Coefficients[j].StandardError, weighted.Coefficients[j].StandardError, 1e-8);
        }
    }

    [Fact]
    public void What_cannot_be_fitted_is_said_in_the_words_of_the_data()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Lower", () => new TobitFitter(new() { Lower = 2, Upper = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>("Lower", () => new TobitFitter(new() { Lower = 2, Upper = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>("Lower", () => new TobitFitter(new() { Lower = null }));
        Assert.Throws<ArgumentOutOfRangeException>("Upper", () => new TobitFitter(new() { Upper = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>("L2", () => new TobitFitter(new() { L2 = -1 }));
        Throws([1, 0, -2, 3], new(), "row 3 of 'y' is -2");
        Throws([1, 0, 2, 9], new() { Upper = 3 }, "above Upper, 3, but row 4 of 'y' is 9");
        Throws([0, 0, 0, 0], new(), "All 4 rows of 'y' are at a limit");
        Throws([2, 2, 2, 2], new(), "All 4 responses in 'y' are equal");
        var model = Fit(Design(0, 100), new());
        Assert.Throws<ArgumentException>(() => model.TestAgainst(model));
        Assert.Throws<ArgumentException>(() => model.Mean([1]));
        Assert.Equal(float.NegativeInfinity, VectorReference.Score(model, [[1, 12]], [-1])[0][1]);
        Assert.All(VectorReference.Score(model, [[double.NaN, 12]])[0], value => Assert.Equal(float.NaN, value));
    }

    [Fact]
    public void A_fit_without_residuals_is_told_and_ends()
    {
        double[][] x = [.. Enumerable.Range(0, 40).Select(i => (double[])[i - 10.0])];
        var warnings = new List<string>();
        var model = new TobitFitter().Fit(
            GlmCases.Of(x, [.. x.Select(row => Math.Max(0, row[0]))]), new TrainingMonitor { Warning = warnings.Add });
        Assert.False(model.Converged);
        Assert.NotEmpty(warnings);
    }

    private static void Throws(double[] y, TobitOptions options, string message)
    {
        var design = GlmCases.Of([.. y.Select((_, i) => (double[])[i])], y);
        var thrown = Assert.Throws<InvalidOperationException>(() => Fit(design, options));
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    private static TobitModel Fit(Design design, TobitOptions options) =>
        new TobitFitter(options).Fit(design, TrainingMonitor.None);

    private static double[] Responses(MatrixDesign design)
    {
        var buffer = new RowBuffer(4_000, design.FeatureCount);
        using var reader = design.OpenReader();
        reader.Read(buffer);
        return buffer.Block.Response.ToArray();
    }

    /// <summary>1 + x1 − 0.4 (x2 − 12) + N(0, 1), cut at the limits.</summary>
    private static MatrixDesign Design(
        double lower, double upper, int n = 500, int seed = 4, bool mirror = false, double scale = 1, double origin = 0)
    {
        var random = new Random(seed);
        double[] x = new double[2 * n], y = new double[n];
        for (int i = 0; i < n; i++)
        {
            double a = 3 * random.NextDouble() - 1.5, b = 10 + 5 * random.NextDouble();
            double latent = 1 + a - 0.4 * (b - 12) + NormalDistribution.Quantile(random.NextDouble());
            (x[2 * i], x[2 * i + 1]) = (a * scale + origin, b);
            y[i] = Math.Clamp(latent, lower, upper) * (mirror ? -1 : 1);
        }
        return new MatrixDesign(x, y);
    }
}
