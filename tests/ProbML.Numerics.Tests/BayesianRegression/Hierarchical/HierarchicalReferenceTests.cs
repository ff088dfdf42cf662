using System.Text.Json;
using ProbML.Numerics.Tests.Distributions;

namespace ProbML.Numerics.Tests.BayesianRegression.Hierarchical;

/// <summary>Every number of lme4's fits.</summary>
public sealed class HierarchicalReferenceTests
{
    /// <summary>How far lme4's derivative-free search may stand from the optimum, which is flat: about the root of rounding.</summary>
    private const double Flat = 2e-6;

    public static TheoryData<string> Cases => [.. MixedReference.Names];

    [Theory, MemberData(nameof(Cases))]
    public void Agrees_with_lme4(string name)
    {
        var expected = MixedReference.Case(name);
        var model = MixedReference.Fit(name);
        Assert.True(model.Converged);
        Assert.Equal(expected.GetProperty("singular").GetBoolean(), model.IsSingular);
        Near.AssertClose(expected.GetProperty("log_likelihood").GetDouble(), model.LogLikelihood, 1e-9);
        Near.AssertClose(expected.GetProperty("aic").GetDouble(), model.Aic, 1e-9);
        double[] fixedEffects = MixedReference.Numbers(expected.GetProperty("fixed")), errors = MixedReference.Numbers(expected.GetProperty("se"));
        for (int j = 0; j < fixedEffects.Length; j++)
        {
            Assert.Equal(fixedEffects[j], model.Coefficients[j].Mean, errors[j] * 1e-5);
            Near.AssertClose(errors[j], model.Coefficients[j].StandardDeviation, model.Family is GaussianFamily ? Flat : 2e-5);
        }
        Near.AssertClose(expected.GetProperty("sigma").GetDouble(), Math.Sqrt(model.Dispersion), Flat);
        foreach (var component in model.Components)
            Compare(expected, model, component);
    }

    private static void Compare(JsonElement expected, HierarchicalModel model, VarianceComponent component)
    {
        var reference = expected.GetProperty("components").GetProperty(component.Group);
        double[] sds = MixedReference.Numbers(reference.GetProperty("sd"));
        double[] correlations = MixedReference.Numbers(reference.GetProperty("correlation"));
        double scale = Math.Sqrt(model.Dispersion);
        for (int c = 0; c < sds.Length; c++)
        {
            Assert.Equal(sds[c], component.StandardDeviations[c], Math.Max(1e-5 * sds[c], 1e-6 * scale));
            for (int d = 0; d < c && sds[c] * sds[d] > 0; d++)
                Assert.Equal(correlations[c * sds.Length + d], component.Correlations[c, d], 2e-5);
        }
        var blups = expected.GetProperty("blups").GetProperty(component.Group);
        string[] levels = MixedReference.Texts(blups.GetProperty("levels"));
        double[] means = MixedReference.Numbers(blups.GetProperty("mean"));
        var estimates = model.GroupEffects(component.Group).ToDictionary(estimate => estimate.Level);
        double[]? variances = expected.GetProperty("conditional_variance") is { ValueKind: JsonValueKind.Object } conditional
            && conditional.TryGetProperty(component.Group, out var found) && found.ValueKind == JsonValueKind.Array
            ? MixedReference.Numbers(found)
            : null;
        int q = sds.Length;
        for (int g = 0; g < levels.Length; g++)
        {
            for (int c = 0; c < q; c++)
            {
                Assert.Equal(means[g * q + c], estimates[levels[g]].Means[c], 2e-5 * sds[c] + 1e-6 * scale);
                if (variances is not null && sds[c] > 0)
                    Near.AssertClose(Math.Sqrt(variances[(g * q + c) * q + c]), estimates[levels[g]].StandardDeviations[c], 2e-5);
            }
        }
    }
}
