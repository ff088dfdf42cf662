namespace ProbML.Tests;

public sealed class MultinomialTests
{
    private static readonly string[] Three = ["a", "b", "c"];

    public static TheoryData<string> Ids => [.. ReferenceCase.Ids("multinomial")];

    [Theory, MemberData(nameof(Ids))]
    public void Fit_agrees_with_the_reference(string id)
    {
        var golden = ReferenceCase.Load(id);
        var fitter = Fitter(golden);
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
        Assert.Equal(7, ReferenceCase.Ids("multinomial").Count());
    }

    [Theory]
    [InlineData(0, MultinomialCoding.Reference), InlineData(0, MultinomialCoding.Symmetric)]
    [InlineData(2, MultinomialCoding.Reference), InlineData(2, MultinomialCoding.Symmetric)]
    public void Probabilities_add_up_to_one_and_lie_in_their_intervals(double l2, MultinomialCoding coding)
    {
        var model = Fit(Design(), new() { L2 = l2, Coding = coding });
        foreach (float[] row in VectorReference.Score(model, [[0, 12], [1e6, 12], [-1e6, 12], [3, 1]], [0, 1, 2, 0]))
        {
            Assert.Equal(1, row[..3].Sum(), 1e-6f);
            for (int k = 0; k < 3; k++)
            {
                Assert.InRange(row[k], row[7 + k], row[10 + k]);
                Assert.InRange(row[7 + k], 0, 1);
                Assert.InRange(row[10 + k], 0, 1);
            }
            Assert.InRange(row[3], float.MinValue, 0);
        }
    }

    [Theory]
    [InlineData(0), InlineData(1.5)]
    public void Two_classes_are_the_binary_logit(double l2)
    {
        var design = VectorReference.Cut(VectorReference.Logistic, [0.3]);
        var two = new MultinomialFitter(["no", "yes"], new() { L2 = l2 }).Fit(design, TrainingMonitor.None);
        var binary = GlmCases.Fit(design, new GlmOptions { Family = Families.Bernoulli, L2 = l2 });
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal("yes: " + binary.Coefficients[j].Name, two.Coefficients[j].Name);
            Assert.Equal(binary.Coefficients[j].Estimate, two.Coefficients[j].Estimate, 1e-8);
            Assert.Equal(binary.Coefficients[j].StandardError, two.Coefficients[j].StandardError, 1e-8);
        }
        Assert.Equal(binary.Statistics.LogLikelihood, two.Statistics.LogLikelihood, 1e-8);
        Assert.Equal(binary.Statistics.NullDeviance, two.Statistics.NullDeviance, 1e-8);
        float[] row = VectorReference.Score(two, [[0.4, 11]], [1])[0];
        float[] glm = VectorReference.Score(binary, [[0.4, 11]], [1])[0];
        Assert.Equal(glm[2], row[1], 1e-6f);              // Probability
        Assert.Equal(glm[1], row[2], 1e-5f);              // LogDensity
        Assert.Equal(glm[4], row[6], 1e-6f);              // ProbabilityLowerBound
        Assert.Equal(glm[5], row[8], 1e-6f);
    }

    [Fact]
    public void Codings_are_one_model_without_a_penalty()
    {
        var reference = Fit(Design(), new());
        var symmetric = Fit(Design(), new() { Coding = MultinomialCoding.Symmetric });
        Assert.Equal(9, symmetric.Coefficients.Count);
        for (int j = 0; j < 3; j++)
        {
            double[] b = [.. Enumerable.Range(0, 3).Select(k => symmetric.Coefficients[3 * k + j].Estimate)];
            Assert.Equal(0, b.Sum(), 1e-9);
            Assert.Equal(reference.Coefficients[j].Estimate, b[1] - b[0], 1e-9);
            Assert.Equal(reference.Coefficients[3 + j].Estimate, b[2] - b[0], 1e-9);
            int p = j, s = 3 + j;                         // Var(b1 − b0) is that of the reference coding
            double variance = symmetric.Covariance[p, p] + symmetric.Covariance[s, s] - 2 * symmetric.Covariance[p, s];
            Assert.Equal(reference.Covariance[j, j], variance, 1e-8);
        }
        Assert.Equal(
            VectorReference.Score(reference, [[1, 12]]).SelectMany(r => r),
            VectorReference.Score(symmetric, [[1, 12]]).SelectMany(r => r));
    }

    [Fact]
    public void The_posterior_mode_is_a_stationary_point_of_the_stated_objective()
    {
        var model = Fit(Design(), new() { L2 = 3, PenaliseIntercept = true, Coding = MultinomialCoding.Symmetric });
        double penalty = 1.5 * model.Coefficients.Sum(c => c.Estimate * c.Estimate);
        Assert.Equal(model.Statistics.Objective, -model.Statistics.LogLikelihood + penalty, 1e-9);
        for (int j = 0; j < 3; j++)
            Assert.Equal(0, Enumerable.Range(0, 3).Sum(k => model.Coefficients[3 * k + j].Estimate), 1e-9);
    }

    [Theory]
    [InlineData(MultinomialCoding.Reference), InlineData(MultinomialCoding.Symmetric)]
    public void The_number_of_threads_does_not_change_a_bit(MultinomialCoding coding)
    {
        var design = VectorReference.Cut(VectorReference.Logistic, [-1, 1], n: 9_000, weights: true);
        var options = new MultinomialOptions { Coding = coding, L2 = 0.1 };
        Assert.Equal(
            VectorReference.Saved(Fit(design, options with { NumberOfThreads = 1 })),
            VectorReference.Saved(Fit(design, options with { NumberOfThreads = 5 })));
    }

    [Theory]
    [InlineData(0, MultinomialCoding.Reference), InlineData(2, MultinomialCoding.Symmetric)]
    public void Saved_is_loaded_bit_for_bit(double l2, MultinomialCoding coding)
    {
        var model = Fit(Design(), new() { L2 = l2, Coding = coding, Level = 0.9 });
        byte[] bytes = VectorReference.Saved(model);
        var loaded = VectorReference.Loaded<MultinomialModel>(bytes);
        Assert.Equal(bytes, VectorReference.Saved(loaded));
        Assert.Equal(model.ToString(), loaded.ToString());
        Assert.Equal(0.9, loaded.Options.Level);
        Assert.Equal(VectorReference.Score(model, [[1, 12]])[0], VectorReference.Score(loaded, [[1, 12]])[0]);
        Assert.ThrowsAny<FormatException>(() => VectorReference.Loaded<MultinomialModel>([9, .. bytes[1..]]));
    }

    [Fact]
    public void A_weight_is_a_count_of_equal_rows()
    {
        var weighted = Fit(VectorReference.Cut(VectorReference.Logistic, [-1, 1], weights: true), new());
        var repeated = Fit(VectorReference.Cut(VectorReference.Logistic, [-1, 1], weights: true, repeat: true), new());
        Assert.Equal(repeated.Statistics.LogLikelihood, weighted.Statistics.LogLikelihood, 1e-8);
        for (int j = 0; j < 6; j++)
        {
            Assert.Equal(repeated.Coefficients[j].Estimate, weighted.Coefficients[j].Estimate, 1e-9);
            Assert.Equal(repeated.Coefficients[j].StandardError, weighted.Coefficients[j].StandardError, 1e-9);
        }
    }

    [Fact]
    public void Aliased_columns_are_named_with_what_they_are_made_of()
    {
        var random = new Random(2);
        double[][] x = [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble()).Select(u => (double[])[u, 1 - 2 * u])];
        var warnings = new List<string>();
        var model = new MultinomialFitter(Three).Fit(
            GlmCases.Of(x, [.. x.Select(_ => (double)random.Next(3))]), new TrainingMonitor { Warning = warnings.Add });
        Assert.True(model.Converged);
        Assert.Equal("it equals 1 - 2·x1", model.Coefficients[2].Aliasing);
        Assert.True(model.Coefficients[5].IsAliased);
        Assert.Equal(4, model.Covariance.GetLength(0));
        Assert.Contains("aliased", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Separated_classes_are_told_and_a_penalty_helps()
    {
        double[][] x = [.. Enumerable.Range(0, 90).Select(i => (double[])[i])];
        var design = GlmCases.Of(x, [.. x.Select(row => Math.Floor(row[0] / 30))]);
        var warnings = new List<string>();
        var model = new MultinomialFitter(Three).Fit(design, new TrainingMonitor { Warning = warnings.Add });
        Assert.False(model.Converged);
        Assert.Contains("separation", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.True(Fit(design, new() { L2 = 0.1 }).Converged);
    }

    [Fact]
    public void Intervals_cover_the_true_probability()
    {
        int covered = 0, all = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            double[][] x = [.. Enumerable.Range(0, 300).Select(_ => (double[])[2 * random.NextDouble() - 1])];
            var model = Fit(GlmCases.Of(x, [.. x.Select(row => (double)Draw(row[0], random.NextDouble()))]), new() { Level = 0.9 });
            float[] row = VectorReference.Score(model, [[0.5]])[0];
            double[] truth = Truth(0.5);
            for (int k = 0; k < 3; k++, all++)
                covered += row[7 + k] <= truth[k] && truth[k] <= row[10 + k] ? 1 : 0;
        }
        Assert.InRange(covered / (double)all, 0.83, 0.97);
    }

    [Fact]
    public void What_cannot_be_fitted_is_said_in_the_words_of_the_data()
    {
        Throws([0, 1, 3, 2], "row 3 of 'y' is 3");
        Throws([0, 1, 0.5, 2], "row 3 of 'y' is 0.5");
        Throws([0, -1, 0, 2], "row 2 of 'y' is -1");
        Throws([0, 2, 0, 2], "Class 'b' of 'y' has no rows");
        Assert.Throws<ArgumentException>(() => new MultinomialFitter(["one"]));
        Assert.Throws<ArgumentException>(() => new MultinomialFitter(["one", "one"]));
        Assert.Throws<ArgumentOutOfRangeException>("L2", () => new MultinomialFitter(Three, new() { L2 = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>("Level", () => new MultinomialFitter(Three, new() { Level = 1 }));
        var offsets = new MatrixDesign([1, 2, 3], [0, 1, 2], offsets: [1, 1, 1]);
        Assert.Throws<InvalidOperationException>(() => Fit(offsets, new()));
        var (small, ridge) = (Fit(Design(), new()), Fit(Design(), new() { L2 = 1 }));
        Assert.Throws<ArgumentException>(() => small.TestAgainst(small));
        Assert.Throws<ArgumentException>(() => small.TestAgainst(ridge));
        Assert.Throws<ArgumentException>(() => small.Probabilities([1]));
    }

    [Fact]
    public void A_feature_that_is_not_a_number_gives_no_prediction()
    {
        float[][] rows = VectorReference.Score(Fit(Design(), new()), [[double.NaN, 12], [0, 12]]);
        Assert.All(rows[0], value => Assert.Equal(float.NaN, value));
        Assert.False(float.IsNaN(rows[1][0]));
        Assert.Equal(float.NaN, rows[1][3]);              // no label, no density
    }

    private static void Throws(double[] y, string message)
    {
        var design = GlmCases.Of([.. y.Select((_, i) => (double[])[i])], y);
        var thrown = Assert.Throws<InvalidOperationException>(() => Fit(design, new()));
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    private static MatrixDesign Design() => VectorReference.Cut(VectorReference.Logistic, [-1, 1]);

    private static MultinomialModel Fit(Design design, MultinomialOptions options) =>
        new MultinomialFitter(Three, options).Fit(design, TrainingMonitor.None);

    private static MultinomialFitter Fitter(ReferenceCase golden) => new(golden.Classes, new()
    {
        L2 = golden.Option("l2").GetDouble(),
        PenaliseIntercept = golden.Option("penalise_intercept").GetBoolean(),
        Coding = golden.Option("multinomial_coding").GetString() == "symmetric"
            ? MultinomialCoding.Symmetric
            : MultinomialCoding.Reference,
    });

    private static double[] Truth(double x)
    {
        double[] e = [1, Math.Exp(0.3 + x), Math.Exp(-0.2 - x)];
        return [.. e.Select(v => v / e.Sum())];
    }

    private static int Draw(double x, double u)
    {
        double[] p = Truth(x);
        return u < p[0] ? 0 : u < p[0] + p[1] ? 1 : 2;
    }
}
