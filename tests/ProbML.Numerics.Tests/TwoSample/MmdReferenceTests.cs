using System.Text.Json;
using ProbML.Tests;
using ProbML.TwoSample;

namespace ProbML.Numerics.Tests.TwoSample;

/// <summary>MMD, its exact permutation test and the classifier test's p-values on the small reference case.</summary>
public sealed class MmdReferenceTests
{
    [Fact]
    public void Estimates_and_exact_p_agree()
    {
        var root = Root();
        double[] x = Rows(root, "x"), y = Rows(root, "y");
        double median = 1 / MaximumMeanDiscrepancy.MedianGamma(x, y, 2);
        Assert.Equal(root.GetProperty("median_squared_distance").GetDouble(), median, 1e-12);
        foreach (var one in root.GetProperty("cases").EnumerateArray())
        {
            double gamma = one.GetProperty("gamma").GetDouble();
            Assert.Equal(one.GetProperty("mmd2_unbiased").GetDouble(), MaximumMeanDiscrepancy.Unbiased(x, y, 2, gamma), 1e-12);
            Assert.Equal(one.GetProperty("mmd2_biased").GetDouble(), MaximumMeanDiscrepancy.Biased(x, y, 2, gamma), 1e-12);
            int splits = one.GetProperty("all_splits").GetInt32();
            var exact = MaximumMeanDiscrepancy.Test(x, y, 2, new() { Gamma = gamma, Permutations = splits });
            double p = one.GetProperty("exact_permutation_p").GetDouble();
            Assert.Equal(p, exact.PValue, 1e-12);
            Assert.Equal(one.GetProperty("mmd2_unbiased").GetDouble(), exact.Statistic, 1e-12);
            var drawn = MaximumMeanDiscrepancy.Test(x, y, 2, new() { Gamma = gamma, Permutations = 9999 });
            Assert.Equal(p, drawn.PValue, 4 * Math.Sqrt(p * (1 - p) / 9999));
        }
    }

    [Fact]
    public void The_null_has_mean_zero_and_the_spread_of_the_reference()
    {
        var root = Root();
        double[] pooled = [.. Rows(root, "x"), .. Rows(root, "y")];
        foreach (var one in root.GetProperty("cases").EnumerateArray())
        {
            double gamma = one.GetProperty("gamma").GetDouble(), sd = one.GetProperty("null_sd").GetDouble();
            var kernel = Distances.Squared(pooled, pooled, 2).Select(square => Math.Exp(-gamma * square)).ToArray();
            double[] drawn = new PermutationTest(kernel, 17, 8, isUnbiased: true).Null(20_000, new Random(3));
            Assert.Equal(0, drawn.Average(), 4 * sd / Math.Sqrt(20_000));
            Assert.Equal(sd, Math.Sqrt(drawn.Average(value => value * value)), 0.03 * sd);
        }
    }

    [Fact]
    public void The_classifier_tests_p_values_agree()
    {
        var one = Root().GetProperty("classifier_two_sample");
        int rows = one.GetProperty("n_test").GetInt32(), correct = one.GetProperty("correct").GetInt32();
        Assert.Equal(
            one.GetProperty("p_normal_one_sided").GetDouble(), ClassifierTwoSampleTest.NormalPValue(correct, rows), 1e-12);
        Assert.Equal(
            one.GetProperty("p_binomial_one_sided").GetDouble(), ClassifierTwoSampleTest.BinomialPValue(correct, rows), 1e-12);
    }

    private static JsonElement Root() =>
        JsonDocument.Parse(File.ReadAllText(SharedFolder.Require("reference", "deep", "mmd.json"))).RootElement;

    private static double[] Rows(JsonElement root, string name) =>
        [.. root.GetProperty(name).EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetDouble())];
}
