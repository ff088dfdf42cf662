namespace ProbML.Tests;

/// <summary>Profile intervals at the edges, term tests and the delta method for multinomial, ordinal and Tobit models.</summary>
public sealed class VectorInferenceTests
{
    private static readonly string[] Three = ["a", "b", "c"];

    [Fact]
    public void Two_classes_have_the_profile_of_the_binary_logit()
    {
        var design = VectorReference.Cut(VectorReference.Logistic, [0.3]);
        foreach (double l2 in (double[])[0, 2])
        {
            var two = GlmProfile.Intervals(
                design, new MultinomialFitter(["no", "yes"], new() { L2 = l2 }).Fit(design, TrainingMonitor.None), 0.9);
            var binary = GlmProfile.Intervals(
                design, GlmCases.Fit(design, new GlmOptions { Family = Families.Bernoulli, L2 = l2 }), 0.9);
            for (int j = 0; j < 3; j++)
            {
                Assert.Equal(binary.Coefficients[j].Lower, two.Coefficients[j].Lower, 1e-7);
                Assert.Equal(binary.Coefficients[j].Upper, two.Coefficients[j].Upper, 1e-7);
            }
        }
    }

    [Fact]
    public void The_likelihood_at_an_end_is_the_cutoff_below_the_top()
    {
        // The coefficient held at an end by an offset, everything else fitted again.
        var golden = ReferenceCase.Load("tobit_identity_tobin");
        var model = (TobitModel)VectorCases.Fit(golden, golden.Design());
        double end = GlmProfile.Intervals(golden.Design(), model).Coefficients[1].Upper;
        var buffer = new RowBuffer(20, 2);
        using var reader = golden.Design().OpenReader();
        Assert.True(reader.Read(buffer));
        var held = new MatrixDesign(
            [.. Enumerable.Range(0, 20).Select(i => buffer.Features[2 * i + 1])],
            [.. buffer.Response[..20]],
            offsets: [.. Enumerable.Range(0, 20).Select(i => end * buffer.Features[2 * i])]);
        double there = new TobitFitter().Fit(held, TrainingMonitor.None).Statistics.LogLikelihood;
        Assert.Equal(ChiSquared.Quantile(0.95, 1), 2 * (model.Statistics.LogLikelihood - there), 1e-7);
    }

    [Fact]
    public void Codings_have_one_profile()
    {
        var design = VectorReference.Cut(VectorReference.Logistic, [-1, 1]);
        var symmetric = new MultinomialFitter(Three, new() { Coding = MultinomialCoding.Symmetric }).Fit(design, TrainingMonitor.None);
        var found = GlmProfile.Intervals(design, symmetric);
        Assert.Equal(9, found.Coefficients.Count);
        Assert.All(found.Coefficients.Zip(symmetric.Coefficients), pair =>
        {
            var (interval, c) = pair;
            Assert.InRange(interval.Lower, c.Estimate - 2.3 * c.StandardError, c.Estimate - 1.7 * c.StandardError);
            Assert.InRange(interval.Upper, c.Estimate + 1.7 * c.StandardError, c.Estimate + 2.3 * c.StandardError);
        });
    }

    [Fact]
    public void Separated_classes_have_intervals_that_are_open_on_one_side()
    {
        // Class c is never seen at x = 1.
        double[][] x = [.. Enumerable.Range(0, 60).Select(i => (double[])[i % 2])];
        double[] y = [.. Enumerable.Range(0, 60).Select(i => (double)(i % 2 == 1 ? i / 2 % 2 : i / 2 % 3))];
        var design = GlmCases.Of(x, y);
        var model = new MultinomialFitter(Three).Fit(design, TrainingMonitor.None);
        Assert.False(model.Converged);
        var slopes = GlmProfile.Intervals(design, model).Coefficients;
        Assert.Equal("c: x1", slopes[3].Name);
        Assert.Equal(double.NegativeInfinity, slopes[3].Lower);
        Assert.InRange(slopes[3].Upper, -5, 0);
        Assert.True(double.IsFinite(slopes[1].Lower) && double.IsFinite(slopes[1].Upper));

        // The class against the first alone is the binary fit of those two classes' rows, whose interval is the same.
        int[] kept = [.. Enumerable.Range(0, 60).Where(i => y[i] != 1)];
        var pair = GlmCases.Of([.. kept.Select(i => x[i])], [.. kept.Select(i => y[i] / 2)]);
        var binary = GlmProfile.Intervals(pair, GlmCases.Fit(pair, new GlmOptions { Family = Families.Bernoulli }));
        Assert.Equal(binary.Coefficients[1].Upper, slopes[3].Upper, 1e-6);
    }

    [Fact]
    public void Dropping_each_term_is_the_test_of_the_two_fits()
    {
        var golden = ReferenceCase.Load("ordinal_logit_wine");
        var design = golden.Design();
        var fitter = new OrdinalFitter(golden.Classes);
        var full = fitter.Fit(design, TrainingMonitor.None);
        var dropped = GlmTermTests.DropEach(design, fitter);
        Assert.Equal(["temp", "contact"], dropped.Select(d => d.Term.Name));
        foreach (var d in dropped)
        {
            var reduced = fitter.Fit(golden.Design(d.Term.Name), TrainingMonitor.None);
            Assert.Equal(full.TestAgainst(reduced).Statistic, d.Test.Statistic, 1e-9);
            Assert.Equal((1, reduced.Statistics.LogLikelihood), (d.Test.DegreesOfFreedom, d.Reduced.LogLikelihood));
        }
        Assert.Throws<ArgumentException>(() => GlmTermTests.DropEach(design, new OrdinalFitter(golden.Classes, new() { L2 = 1 })));
    }

    [Fact]
    public void Wald_and_delta_take_the_models_covariance_the_sandwich_where_it_is_kept()
    {
        var golden = ReferenceCase.Load("tobit_identity_tobin");
        var model = VectorCases.Fit(golden, golden.Design());
        var kept = VectorCases.With(model, GlmRobust.Covariance(golden.Design(), model));
        foreach (var m in (VectorGlmModel[])[model, kept])
        {
            var c = m.Coefficients[2];
            var wald = GlmTermTests.Wald(m, new double[,] { { 0, 0, 1, 0 } });
            Assert.Equal(c.Statistic * c.Statistic, wald.Statistic, 1e-9);
            Assert.Equal(c.PValue, wald.PValue, 1e-9);
            var sigma = GlmDelta.Interval(m, b => Math.Exp(b[3]));
            Assert.Equal(sigma.Estimate * m.Coefficients[3].StandardError, sigma.StandardError, 1e-8);
        }
    }
}
