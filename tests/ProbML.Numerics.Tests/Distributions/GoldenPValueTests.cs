using System.Text.Json;

namespace ProbML.Numerics.Tests.Distributions;

/// <summary>Tails against the p-values of the reference fits in shared/reference/glm.</summary>
public class GoldenPValueTests
{
    /// <summary>
    /// What the reference allows: its F tails are right to 2e-11 (mpmath), the others to 1e-12 or better.
    /// </summary>
    private const double Tolerance = 3e-11;

    [Fact]
    public void P_values_agree_with_the_reference_fits()
    {
        int compared = 0;
        foreach (var results in ReferenceResults())
        {
            if (!results.TryGetProperty("p_values", out var pValues)) continue;
            if (pValues.ValueKind != JsonValueKind.Array) continue;
            var statistics = results.GetProperty("statistics").EnumerateArray().ToArray();
            bool isT = results.GetProperty("statistic_kind").GetString() == "t";
            double degrees = isT ? results.GetProperty("df_residual").GetDouble() : double.PositiveInfinity;
            foreach (var (statistic, pValue) in statistics.Zip(pValues.EnumerateArray()))
            {
                if (statistic.ValueKind != JsonValueKind.Number || pValue.ValueKind != JsonValueKind.Number) continue;
                AssertClose(pValue.GetDouble(), StudentT.TwoSided(statistic.GetDouble(), degrees));
                compared++;
            }
        }
        Assert.True(compared > 500, $"only {compared} p-values were found");
    }

    [Fact]
    public void Likelihood_ratio_and_F_tests_agree_with_the_reference_fits()
    {
        int compared = 0;
        foreach (var results in ReferenceResults())
        {
            if (!results.TryGetProperty("likelihood_ratio_test", out var test)) continue;
            if (test.ValueKind != JsonValueKind.Object) continue;
            double degrees = test.GetProperty("df").GetDouble();
            AssertClose(
                test.GetProperty("p_value").GetDouble(),
                ChiSquared.UpperTail(test.GetProperty("statistic").GetDouble(), degrees));
            compared++;
            if (!test.TryGetProperty("f_statistic", out var f) || f.ValueKind != JsonValueKind.Number) continue;
            AssertClose(
                test.GetProperty("f_p_value").GetDouble(),
                FisherF.UpperTail(f.GetDouble(), degrees, results.GetProperty("df_residual").GetDouble()));
        }
        Assert.True(compared > 50, $"only {compared} tests were found");
    }

    private static IEnumerable<JsonElement> ReferenceResults()
    {
        string? folder = ProbML.Tests.SharedFolder.Path is { } shared ? Path.Combine(shared, "reference", "glm") : null;
        if (folder is null) Assert.Skip("There is no shared/reference/glm beside this repository.");
        foreach (string file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            yield return document.RootElement.GetProperty("results").Clone();
        }
    }

    /// <summary>Below the smallest normal double the reference has lost its own digits.</summary>
    private static void AssertClose(double expected, double actual) => Assert.True(
        Math.Abs(expected - actual) <= Tolerance * expected + MeanPoint.Smallest, $"{expected:R} but {actual:R}");
}
