using System.Text.Json;
using ProbML.DensityRatios;
using ProbML.Tests;

namespace ProbML.Numerics.Tests.DensityRatios;

/// <summary>uLSIF, RuLSIF, KLIEP and quadratic logistic regression on the small reference case.</summary>
public sealed class DirectReferenceTests
{
    [Theory]
    [InlineData(0.0), InlineData(0.1), InlineData(0.5)]
    public void Relative_least_squares_agrees(double alpha)
    {
        var (root, x, y) = Case();
        var expected = root.GetProperty("ulsif").GetProperty(FormattableString.Invariant($"alpha_{alpha:0.0}"));
        var found = LeastSquaresDensityRatio.Fit(x, y, 1, Options(root) with { Alpha = alpha, IsConstrained = false });
        AssertClose(Numbers(expected.GetProperty("theta_clipped")), [.. found.Coefficients]);
        AssertClose(Numbers(expected.GetProperty("ratio_at_x")), [.. x.Select(value => found.Ratio([value]))]);
        AssertClose(Numbers(expected.GetProperty("ratio_at_y")), [.. y.Select(value => found.Ratio([value]))]);
        AssertClose([expected.GetProperty("pearson_divergence").GetDouble()], [found.Divergence]);
    }

    [Fact]
    public void Leave_one_out_in_closed_form_agrees_with_leaving_out()
    {
        var (root, x, y) = Case();
        double score = LeastSquaresDensityRatio.LeaveOneOutScore(x, y, 1, Options(root));
        AssertClose([root.GetProperty("ulsif_loocv_alpha0").GetDouble()], [score]);
        foreach (double alpha in new[] { 0.0, 0.3 })
        {
            var options = Options(root) with { Alpha = alpha, IsConstrained = false };
            double sum = 0;
            int pairs = Math.Min(x.Length, y.Length);
            for (int i = 0; i < pairs; i++)
            {
                var fit = LeastSquaresDensityRatio.Fit([.. x[..i], .. x[(i + 1)..]], [.. y[..i], .. y[(i + 1)..]], 1, options);
                double rx = fit.Ratio([x[i]]), ry = fit.Ratio([y[i]]);
                sum += alpha / 2 * rx * rx + (1 - alpha) / 2 * ry * ry - rx;
            }
            AssertClose([sum / pairs], [LeastSquaresDensityRatio.LeaveOneOutScore(x, y, 1, options)]);
        }
    }

    [Fact]
    public void Kliep_agrees()
    {
        var (root, x, y) = Case();
        var expected = root.GetProperty("kliep");
        var found = KliepDensityRatio.Fit(x, y, 1, Options(root));
        AssertClose([expected.GetProperty("objective").GetDouble()], [found.Divergence]);
        AssertClose(Numbers(expected.GetProperty("ratio_at_x")), [.. x.Select(value => found.Ratio([value]))]);
        AssertClose(Numbers(expected.GetProperty("ratio_at_y")), [.. y.Select(value => found.Ratio([value]))]);
        AssertClose(Numbers(expected.GetProperty("theta")), [.. found.Coefficients]);
        Assert.Equal(1, y.Average(value => found.Ratio([value])), 1e-12);
    }

    [Fact]
    public void Quadratic_logistic_regression_agrees()
    {
        var (root, x, y) = Case();
        var expected = root.GetProperty("logistic");
        var rows = new MatrixDesign([.. x, .. y], [.. x.Select(_ => 1.0), .. y.Select(_ => 0.0)]);
        var terms = new RatioTerms(RatioShape.Quadratic, 1);
        var asTheyAre = new FeatureRanges([0], [1], [0], [1]);
        var model = new GlmFitter(
            new() { L2 = expected.GetProperty("l2").GetDouble(), Tolerance = 1e-12 }, PredictionTask.BinaryClassification)
            .Fit(new TermDesign(rows, asTheyAre, terms, new(1, 0)), TrainingMonitor.None);
        double[] w = [.. model.Coefficients.Select(one => one.Estimate)];
        AssertClose(Numbers(expected.GetProperty("w")), w);
        var ratio = new RatioFunction(asTheyAre, terms, w, Math.Log(x.Length / (double)y.Length));
        AssertClose(Numbers(expected.GetProperty("log_ratio_at_x")), [.. x.Select(value => ratio.LogRatio([value]))]);
        AssertClose(Numbers(expected.GetProperty("log_ratio_at_y")), [.. y.Select(value => ratio.LogRatio([value]))]);
    }

    private static (JsonElement Root, double[] X, double[] Y) Case()
    {
        string path = SharedFolder.Require("reference", "deep", "density_ratio.json");
        var root = JsonDocument.Parse(File.ReadAllText(path)).RootElement;
        return (root, Column(root.GetProperty("x")), Column(root.GetProperty("y")));
    }

    private static KernelRatioOptions Options(JsonElement root) => new()
    {
        Centres = Column(root.GetProperty("centres")),
        Bandwidth = root.GetProperty("sigma").GetDouble(),
        Regularization = root.GetProperty("lam").GetDouble(),
    };

    private static double[] Column(JsonElement rows) => [.. rows.EnumerateArray().Select(row => row[0].GetDouble())];

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetDouble())];

    private static void AssertClose(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - found[i]) <= 1e-9 * Math.Max(1, Math.Abs(expected[i])),
                $"{i}: {expected[i]:R} was expected, {found[i]:R} found");
    }
}
