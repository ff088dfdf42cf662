using System.Text.Json;

namespace ProbML.Tests;

public sealed class ProfileTests
{
    /// <summary>In standard errors.</summary>
    private const double Tolerance = 1e-8;

    public static TheoryData<string> Ids => [.. ReferenceCase.Ids().Where(HasProfile)];

    [Theory, MemberData(nameof(Ids))]
    public void Intervals_agree_with_the_reference(string id)
    {
        var golden = ReferenceCase.Load(id);
        var design = golden.Design();
        var model = new GlmFitter(golden.Options(), golden.Task).Fit(design, TrainingMonitor.None);
        var found = GlmProfile.Intervals(design, model);
        var expected = golden.Results.GetProperty("profile_ci_95");
        for (int j = 0; j < found.Coefficients.Count; j++)
        {
            double error = model.Coefficients[j].StandardError;
            AssertEnd(expected.GetProperty("lower")[j], found.Coefficients[j].Lower, double.NegativeInfinity, error, id);
            AssertEnd(expected.GetProperty("upper")[j], found.Coefficients[j].Upper, double.PositiveInfinity, error, id);
        }
        if (golden.Results.TryGetProperty("theta_profile_ci_95", out var theta))
        {
            double error = model.Statistics.ThetaStandardError!.Value;
            AssertEnd(theta.GetProperty("lower"), found.Theta!.Lower, 0, error, "theta of " + id);
            AssertEnd(theta.GetProperty("upper"), found.Theta!.Upper, double.PositiveInfinity, error, "theta of " + id);
        }
    }

    [Fact]
    public void Of_a_linear_model_they_are_the_t_intervals()
    {
        var design = GlmCases.Log("gaussian", n: 40, weights: true);
        var model = GlmCases.Fit(design, new GlmOptions { Level = 0.9 });
        var found = GlmProfile.Intervals(design, model);
        Assert.Equal(0.9, found.Level);
        for (int j = 0; j < model.Coefficients.Count; j++)
        {
            Assert.Equal(model.Coefficients[j].Lower, found.Coefficients[j].Lower, 1e-10);
            Assert.Equal(model.Coefficients[j].Upper, found.Coefficients[j].Upper, 1e-10);
        }
        Assert.True(found.Passes < 6, $"{found.Passes} passes.");
    }

    [Theory]
    [InlineData("poisson"), InlineData("gamma"), InlineData("inverse-gaussian"), InlineData("tweedie(1.5)")]
    public void At_an_end_the_fit_with_the_coefficient_held_loses_the_quantile(string family)
    {
        var design = GlmCases.Log(family, n: 200, d: 2, weights: true);
        var options = new GlmOptions { Family = Families.Parse(family), Link = Links.Log };
        var model = GlmCases.Fit(design, options);
        var interval = GlmProfile.Intervals(design, model).Coefficients[2];
        double quantile = model.Family.EstimatesDispersion
            ? StudentT.Quantile(0.975, model.Statistics.ResidualDegreesOfFreedom)
            : NormalDistribution.Quantile(0.975);
        foreach (double end in (double[])[interval.Lower, interval.Upper])
        {
            var held = GlmCases.Fit(Held(design, end), options);
            double root = Math.Sqrt((held.Statistics.Deviance - model.Statistics.Deviance) / model.Statistics.Dispersion);
            Assert.Equal(quantile, root, 1e-8);
        }
    }

    [Fact]
    public void Separated_data_leave_one_end_open_and_the_other_finite()
    {
        double[][] rows = [.. Enumerable.Range(0, 60).Select(i => (double[])[i % 2, (i * 7) % 10])];
        double[] y = [.. rows.Select((r, i) => r[0] == 1 ? 1.0 : i % 4 == 0 ? 1.0 : 0.0)];
        var design = GlmCases.Of(rows, y, names: ["group", "x"]);
        var options = new GlmOptions { Family = Families.Bernoulli };
        var model = GlmCases.Fit(design, options);
        var found = GlmProfile.Intervals(design, model).Coefficients;
        Assert.Equal(double.PositiveInfinity, found[1].Upper);
        foreach (var (interval, lower, upper) in new[] { (found[0], true, true), (found[1], true, false), (found[2], true, true) })
        {
            int j = found.ToList().IndexOf(interval);
            foreach (double end in new[] { (interval.Lower, lower), (interval.Upper, upper) }.Where(e => e.Item2).Select(e => e.Item1))
            {
                Assert.True(double.IsFinite(end), $"{interval}");
                var held = GlmCases.Fit(HeldOut(rows, y, j, end), options with { Intercept = j != 0 });
                Assert.Equal(ChiSquared.Quantile(0.95, 1), held.Statistics.Deviance - model.Statistics.Deviance, 1e-6);
            }
        }
    }

    [Fact]
    public void Perfect_separation_by_one_feature_bounds_it_on_one_side()
    {
        double[] x = [1, 2, 3, 4, 5, 6, 7, 8], y = [0, 0, 0, 0, 1, 1, 1, 1];
        var design = new MatrixDesign(x, y);
        var model = GlmCases.Fit(design, new GlmOptions { Family = Families.Bernoulli });
        var slope = GlmProfile.Intervals(design, model).Coefficients[1];
        Assert.Equal(double.PositiveInfinity, slope.Upper);
        var held = GlmCases.Fit(
            new MatrixDesign([], y, [], offsets: [.. x.Select(v => v * slope.Lower)]), new GlmOptions { Family = Families.Bernoulli });
        Assert.Equal(ChiSquared.Quantile(0.95, 1), held.Statistics.Deviance, 1e-6);
    }

    [Fact]
    public void Aliased_coefficients_have_no_interval()
    {
        double[][] rows = [.. Enumerable.Range(0, 30).Select(i => (double[])[i, 2.0 * i, (i * i) % 7])];
        var design = GlmCases.Of(rows, [.. rows.Select(r => Math.Floor(3 + r[0] / 5 + r[2] % 3))]);
        var model = GlmCases.Fit(design, new GlmOptions { Family = Families.Poisson });
        var found = GlmProfile.Intervals(design, model).Coefficients;
        Assert.True(double.IsNaN(found[2].Lower) && double.IsNaN(found[2].Upper));
        Assert.True(double.IsFinite(found[1].Lower) && double.IsFinite(found[3].Upper));
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        var design = GlmCases.Log("negative-binomial", n: 3_000);
        var options = new GlmOptions { Family = Families.NegativeBinomial() };
        Assert.Equal(
            Text(GlmProfile.Intervals(design, GlmCases.Fit(design, options with { NumberOfThreads = 1 }))),
            Text(GlmProfile.Intervals(design, GlmCases.Fit(design, options with { NumberOfThreads = 4 }))));

        static string Text(GlmProfileIntervals intervals) => JsonSerializer.Serialize(intervals);
    }

    [Fact]
    public void What_cannot_be_profiled_is_refused()
    {
        var design = GlmCases.Log("poisson", n: 50);
        var model = GlmCases.Fit(design, new GlmOptions { Family = Families.Poisson });
        Assert.Throws<ArgumentOutOfRangeException>(() => GlmProfile.Intervals(design, model, 1));
        Assert.Throws<ArgumentException>(() => GlmProfile.Intervals(GlmCases.Log("poisson", d: 2), model));
        var lasso = GlmCases.Fit(design, new GlmOptions { Family = Families.Poisson, L1 = 1 });
        Assert.Contains("L1", Assert.Throws<ArgumentException>(() => GlmProfile.Intervals(design, lasso)).Message, StringComparison.Ordinal);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => GlmProfile.Intervals(design, model, monitor: new TrainingMonitor { Cancellation = source.Token }));
    }

    private static bool HasProfile(string id) =>
        SharedFolder.Path is null
        || ReferenceCase.Load(id).Results.TryGetProperty("profile_ci_95", out var p) && p.ValueKind == JsonValueKind.Object;

    private static void AssertEnd(JsonElement expected, double found, double open, double error, string what)
    {
        if (expected.ValueKind == JsonValueKind.Null)
            Assert.Equal(open, found);
        else
            Assert.True(
                Math.Abs(expected.GetDouble() - found) <= Tolerance * error + 1e-11 * Math.Abs(found),
                $"{what}: expected {expected.GetDouble():R}, found {found:R}, off by "
                + $"{Math.Abs(expected.GetDouble() - found) / error:E2} standard errors.");
    }

    /// <summary>The second of two features moved into the offset.</summary>
    private static MatrixDesign Held(MatrixDesign design, double value)
    {
        using var reader = design.OpenReader();
        var buffer = new RowBuffer(1000, 2);
        reader.Read(buffer);
        int n = buffer.Count;
        return new MatrixDesign(
            [.. Enumerable.Range(0, n).Select(i => buffer.Features[2 * i])],
            buffer.Response[..n],
            weights: buffer.Weights[..n],
            offsets: [.. Enumerable.Range(0, n).Select(i => value * buffer.Features[2 * i + 1])]);
    }

    private static MatrixDesign HeldOut(double[][] rows, double[] y, int coefficient, double value) => new(
        [.. rows.SelectMany(r => r.Where((_, k) => k != coefficient - 1))],
        y,
        offsets: [.. rows.Select(r => value * (coefficient == 0 ? 1 : r[coefficient - 1]))]);
}
