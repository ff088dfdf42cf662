namespace ProbML.Tests;

public sealed class OrdinalTests
{
    private static readonly string[] Four = ["low", "fair", "good", "best"];

    public static TheoryData<string> Ids => [.. ReferenceCase.Ids("ordinal")];

    [Theory, MemberData(nameof(Ids))]
    public void Fit_agrees_with_the_reference(string id)
    {
        var golden = ReferenceCase.Load(id);
        var fitter = new OrdinalFitter(golden.Classes, new() { Link = golden.Link });
        var model = fitter.Fit(golden.Design(), TrainingMonitor.None);
        VectorReference.AssertAgrees(golden, model.Coefficients, model.Covariance, model.Statistics);
        VectorReference.AssertRows(golden, row => model.Probabilities(row));
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
        Assert.Equal(9, ReferenceCase.Ids("ordinal").Count());
    }

    [Theory]
    [InlineData("logit"), InlineData("probit"), InlineData("cloglog"), InlineData("loglog")]
    public void Probabilities_add_up_to_one_and_lie_in_their_intervals(string link)
    {
        var model = Fit(Design(), new() { Link = Links.Parse(link) });
        double[][] rows = [[0, 12], [1e6, 12], [-1e6, 12], [20, 1], [-20, 30]];
        foreach (float[] row in VectorReference.Score(model, rows, [0, 1, 2, 0, 3]))
        {
            Assert.Equal(1, row[..4].Sum(), 1e-6f);
            for (int k = 0; k < 4; k++)
            {
                Assert.InRange(row[k], row[9 + k], row[13 + k]);
                Assert.InRange(row[9 + k], 0, 1);
                Assert.InRange(row[13 + k], 0, 1);
            }
            Assert.InRange(row[4], double.NegativeInfinity, 0);
        }
    }

    [Theory]
    [InlineData("logit", "logit"), InlineData("probit", "probit"), InlineData("cloglog", "loglog"), InlineData("loglog", "cloglog")]
    public void Two_classes_are_the_binary_model_up_to_the_threshold_s_sign(string link, string mirrored)
    {
        var design = VectorReference.Cut(VectorReference.Logistic, [0.3]);
        var two = new OrdinalFitter(["no", "yes"], new() { Link = Links.Parse(link) }).Fit(design, TrainingMonitor.None);
        var binary = GlmCases.Fit(design, new GlmOptions { Family = Families.Bernoulli, Link = Links.Parse(mirrored) });
        double[,] covariance = binary.ObservedCovariance ?? binary.Covariance;
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(binary.Coefficients[j].Estimate * (j == 0 ? -1 : 1), two.Coefficients[j].Estimate, 1e-7);
            Assert.Equal(Math.Sqrt(covariance[j, j]), two.Coefficients[j].StandardError, 1e-7);
        }
        Assert.Equal(binary.Statistics.LogLikelihood, two.Statistics.LogLikelihood, 1e-8);
        Assert.Equal(binary.Statistics.NullDeviance, two.Statistics.NullDeviance, 1e-8);
        float[] row = VectorReference.Score(two, [[0.4, 11]], [1])[0];
        Assert.Equal(VectorReference.Score(binary, [[0.4, 11]], [1])[0][2], row[1], 1e-6f);
    }

    [Fact]
    public void Intervals_of_two_classes_are_those_of_the_binary_logit()
    {
        var design = VectorReference.Cut(VectorReference.Logistic, [0.3]);
        var two = new OrdinalFitter(["no", "yes"]).Fit(design, TrainingMonitor.None);
        var binary = GlmCases.Fit(design, new GlmOptions { Family = Families.Bernoulli });
        float[] row = VectorReference.Score(two, [[0.4, 11]], [1])[0];
        float[] glm = VectorReference.Score(binary, [[0.4, 11]], [1])[0];
        Assert.Equal(glm[1], row[2], 1e-5f);              // LogDensity
        Assert.Equal(glm[4], row[6], 1e-6f);              // ProbabilityLowerBound
        Assert.Equal(glm[5], row[8], 1e-6f);
    }

    [Fact]
    public void Reversing_the_classes_mirrors_logit_and_probit()
    {
        var design = Design();
        var rows = VectorReference.Rows(design, 4_000).ToArray();
        var up = Fit(design, new() { Link = Links.Probit });
        double[] labels = Labels(design);
        var down = Fit(GlmCases.Of(rows, [.. labels.Select(y => 3 - y)]), new() { Link = Links.Probit });
        Assert.Equal(up.Coefficients[3].Estimate, -down.Coefficients[3].Estimate, 1e-8);
        Assert.Equal(up.Thresholds[0].Estimate, -down.Thresholds[2].Estimate, 1e-7);
        Assert.Equal(up.Statistics.LogLikelihood, down.Statistics.LogLikelihood, 1e-8);
    }

    [Theory]
    [InlineData(1e-6, 0), InlineData(1e6, 0), InlineData(1, 1e6)]
    public void Units_and_origin_of_a_feature_do_not_matter(double scale, double origin)
    {
        var design = Design();
        double[][] rows = [.. VectorReference.Rows(design, 4_000)];
        var there = Fit(design, new());
        double[][] moved = [.. rows.Select(row => (double[])[row[0] * scale + origin, row[1]])];
        var here = Fit(GlmCases.Of(moved, Labels(design)), new());
        Assert.Equal(1, here.Coefficients[3].Estimate * scale / there.Coefficients[3].Estimate, 1e-7);
        Assert.Equal(1, here.Coefficients[3].StandardError * scale / there.Coefficients[3].StandardError, 1e-7);
        double threshold = there.Coefficients[1].Estimate + here.Coefficients[3].Estimate * origin;
        Assert.Equal(1, here.Coefficients[1].Estimate / threshold, 1e-7);
    }

    [Fact]
    public void An_offset_is_a_feature_whose_coefficient_is_one()
    {
        var design = Design();
        double[][] rows = [.. VectorReference.Rows(design, 4_000)];
        double[] y = Labels(design), offsets = [.. rows.Select(row => 0.7 * row[0])];
        var with = Fit(new MatrixDesign([.. rows.SelectMany(r => r)], y, offsets: offsets), new());
        var without = Fit(design, new());
        Assert.Equal(without.Coefficients[3].Estimate - 0.7, with.Coefficients[3].Estimate, 1e-8);
        Assert.Equal(without.Statistics.LogLikelihood, with.Statistics.LogLikelihood, 1e-8);
        Assert.InRange(with.Statistics.NullLogLikelihood, double.MinValue, with.Statistics.LogLikelihood);
        Assert.Equal(without.Probabilities([1, 12])[2], with.Probabilities([1, 12], 0.7)[2], 1e-9);
    }

    [Fact]
    public void The_posterior_mode_is_a_stationary_point_of_the_stated_objective()
    {
        var design = Design();
        var model = Fit(design, new() { L2 = 4 });
        double penalty = 2 * model.Coefficients.Skip(3).Sum(c => c.Estimate * c.Estimate);
        Assert.Equal(model.Statistics.Objective, -model.Statistics.LogLikelihood + penalty, 1e-9);
        double slack = Math.Abs(Fit(design, new()).Coefficients[3].Estimate) - Math.Abs(model.Coefficients[3].Estimate);
        Assert.True(slack > 0);
        Assert.Contains("penalised", model.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logit"), InlineData("probit"), InlineData("cloglog")]
    public void The_number_of_threads_does_not_change_a_bit(string link)
    {
        var design = VectorReference.Cut(VectorReference.Logistic, [-1, 0, 1], n: 9_000, weights: true);
        var options = new OrdinalOptions { Link = Links.Parse(link) };
        Assert.Equal(
            VectorReference.Saved(Fit(design, options with { NumberOfThreads = 1 })),
            VectorReference.Saved(Fit(design, options with { NumberOfThreads = 5 })));
    }

    [Fact]
    public void Saved_is_loaded_bit_for_bit()
    {
        var model = Fit(Design(), new() { Link = Links.ComplementaryLogLog, Level = 0.9 });
        byte[] bytes = VectorReference.Saved(model);
        var loaded = VectorReference.Loaded<OrdinalModel>(bytes);
        Assert.Equal(bytes, VectorReference.Saved(loaded));
        Assert.Equal(model.ToString(), loaded.ToString());
        Assert.Equal(0.9, loaded.Options.Level);
        Assert.Equal(VectorReference.Score(model, [[1, 12]])[0], VectorReference.Score(loaded, [[1, 12]])[0]);
        Assert.ThrowsAny<FormatException>(() => VectorReference.Loaded<OrdinalModel>([9, .. bytes[1..]]));
    }

    [Fact]
    public void A_weight_is_a_count_of_equal_rows()
    {
        var weighted = Fit(VectorReference.Cut(VectorReference.Logistic, [-1, 0, 1], weights: true), new());
        var repeated = Fit(VectorReference.Cut(VectorReference.Logistic, [-1, 0, 1], weights: true, repeat: true), new());
        Assert.Equal(repeated.Statistics.LogLikelihood, weighted.Statistics.LogLikelihood, 1e-8);
        for (int j = 0; j < 5; j++)
        {
            Assert.Equal(repeated.Coefficients[j].Estimate, weighted.Coefficients[j].Estimate, 1e-8);
            Assert.Equal(repeated.Coefficients[j].StandardError, weighted.Coefficients[j].StandardError, 1e-8);
        }
    }

    [Fact]
    public void A_constant_column_is_aliased_with_the_thresholds()
    {
        var design = Design();
        double[][] rows = [.. VectorReference.Rows(design, 4_000).Select(row => (double[])[3, row[0], row[1]])];
        var warnings = new List<string>();
        var model = new OrdinalFitter(Four).Fit(
            GlmCases.Of(rows, Labels(design)), new TrainingMonitor { Warning = warnings.Add });
        Assert.Equal("it is constant, 3", model.Coefficients[3].Aliasing);
        Assert.Equal(Fit(design, new()).Coefficients[3].Estimate, model.Coefficients[4].Estimate, 1e-8);
        Assert.Contains("aliased", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Separated_classes_are_told_and_a_penalty_helps()
    {
        double[][] x = [.. Enumerable.Range(0, 80).Select(i => (double[])[i])];
        var design = GlmCases.Of(x, [.. x.Select(row => Math.Floor(row[0] / 20))]);
        var warnings = new List<string>();
        var model = new OrdinalFitter(Four).Fit(design, new TrainingMonitor { Warning = warnings.Add });
        Assert.False(model.Converged);
        Assert.Contains("separation", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.True(Fit(design, new() { L2 = 1 }).Converged);
    }

    [Fact]
    public void Intervals_cover_the_true_probability()
    {
        int covered = 0, all = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            double[][] x = [.. Enumerable.Range(0, 300).Select(_ => (double[])[2 * random.NextDouble() - 1])];
            double[] y = [.. x.Select(row => Cut(row[0] + VectorReference.Logistic(random.NextDouble())))];
            float[] row = VectorReference.Score(Fit(GlmCases.Of(x, y), new() { Level = 0.9 }), [[0.5]])[0];
            double[] below = [0, .. new[] { -1.0, 0, 1 }.Select(cut => 1 / (1 + Math.Exp(0.5 - cut))), 1];
            for (int k = 0; k < 4; k++, all++)
                covered += row[9 + k] <= below[k + 1] - below[k] && below[k + 1] - below[k] <= row[13 + k] ? 1 : 0;
        }
        Assert.InRange(covered / (double)all, 0.83, 0.97);

        static double Cut(double latent) => latent < -1 ? 0 : latent < 0 ? 1 : latent < 1 ? 2 : 3;
    }

    [Fact]
    public void What_cannot_be_fitted_is_said_in_the_words_of_the_data()
    {
        Throws([0, 1, 4, 2, 3], "row 3 of 'y' is 4");
        Throws([0, 1, 0, 3], "Class 'good' of 'y' has no rows");
        Assert.Throws<ArgumentException>(() => new OrdinalFitter(["one"]));
        Assert.Throws<ArgumentOutOfRangeException>("L2", () => new OrdinalFitter(Four, new() { L2 = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>("Link", () => new OrdinalFitter(Four, new() { Link = Links.Log }));
        var (logit, probit) = (Fit(Design(), new()), Fit(Design(), new() { Link = Links.Probit }));
        Assert.Throws<ArgumentException>(() => logit.TestAgainst(probit));
        Assert.Throws<ArgumentException>(() => logit.TestAgainst(logit));
        Assert.Throws<ArgumentException>(() => logit.Probabilities([1]));
    }

    [Fact]
    public void A_feature_that_is_not_a_number_gives_no_prediction()
    {
        float[][] rows = VectorReference.Score(Fit(Design(), new()), [[double.NaN, 12], [0, 12]]);
        Assert.All(rows[0], value => Assert.Equal(float.NaN, value));
        Assert.False(float.IsNaN(rows[1][0]));
        Assert.Equal(float.NaN, rows[1][4]);
    }

    private static void Throws(double[] y, string message)
    {
        var design = GlmCases.Of([.. y.Select((_, i) => (double[])[i])], y);
        var thrown = Assert.Throws<InvalidOperationException>(() => Fit(design, new()));
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    private static MatrixDesign Design() => VectorReference.Cut(VectorReference.Logistic, [-1, 0, 1]);

    private static double[] Labels(MatrixDesign design)
    {
        var buffer = new RowBuffer(4_000, design.FeatureCount);
        using var reader = design.OpenReader();
        reader.Read(buffer);
        return buffer.Block.Response.ToArray();
    }

    private static OrdinalModel Fit(Design design, OrdinalOptions options) =>
        new OrdinalFitter(Four, options).Fit(design, TrainingMonitor.None);
}
