using System.Text.Json;
using ProbML.GaussianProcesses;
using ProbML.Tests;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Likelihood, gradient, predictions and leave-one-out against closed forms computed with 200 bits.</summary>
public sealed class ExactReferenceTests
{
    public static TheoryData<string> Files => ["tiny", "mcycle", "yacht", "boston", "co2"];

    [Theory, MemberData(nameof(Files))]
    public void Every_case_of_the_file_agrees(string file)
    {
        string path = SharedFolder.Require("reference", "gp", $"exact_{file}.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        int cases = 0;
        foreach (var set in document.RootElement.GetProperty("sets").EnumerateArray())
        {
            var data = GpReference.DataOf(set.GetProperty("data"));
            foreach (var one in set.GetProperty("cases").EnumerateArray())
            {
                Check($"{set.GetProperty("name").GetString()} {one.GetProperty("id").GetString()}", data, one);
                cases++;
            }
        }
        Assert.True(cases > 1);
    }

    private static void Check(string name, GpReference.Data data, JsonElement one)
    {
        var kernel = GpReference.KernelOf(one.GetProperty("kernel"));
        double condition = one.GetProperty("double_precision_check").GetProperty("condition_number").GetDouble();
        double tight = condition < 1e4 ? 1e-10 : 1e-8;
        var posterior = ExactPosterior.Condition(
            kernel,
            one.GetProperty("noise_variance").GetDouble(),
            data.X,
            data.Y,
            one.GetProperty("mean_constant").GetDouble());
        Assert.Equal(0, posterior.Jitter);
        GpReference.Near($"{name} likelihood", one.GetProperty("log_marginal_likelihood").GetDouble(), posterior.LogMarginalLikelihood, tight);

        var gradient = posterior.Gradient();
        var expected = one.GetProperty("gradient").EnumerateArray().ToDictionary(
            entry => entry.GetProperty("parameter").GetString()!,
            entry => (entry.TryGetProperty("d_log", out var log) ? log : entry.GetProperty("d")).GetDouble());
        double largest = Math.Max(1, expected.Values.Max(Math.Abs));
        // In the same order; the files nest sums in sums, which are one sum here.
        var ofKernel = expected.Where(entry => entry.Key.StartsWith("kernel.", StringComparison.Ordinal)).ToList();
        Assert.Equal(ofKernel.Count, gradient.Kernel.Count);
        for (int k = 0; k < ofKernel.Count; k++)
        {
            Assert.Equal(ofKernel[k].Key.Split('.')[^1], posterior.Kernel.ParameterNames[k].Split('.')[^1]);
            GpReference.Near($"{name} {ofKernel[k].Key}", ofKernel[k].Value, gradient.Kernel[k], 1e-7 * largest);
        }
        if (expected.TryGetValue("noise_variance", out double byNoise))
            GpReference.Near($"{name} noise", byNoise, gradient.LogNoiseVariance, 1e-7 * largest);
        if (expected.TryGetValue("mean_constant", out double byMean))
            GpReference.Near($"{name} mean", byMean, gradient.MeanConstant, 1e-7 * largest);

        var predict = one.GetProperty("predict");
        int m = data.XTest.Rows;
        var (mean, latent, variance) = (new double[m], new double[m], new double[m]);
        posterior.Predict(data.XTest, mean, latent, variance);
        GpReference.Near($"{name} mean", GpReference.Numbers(predict.GetProperty("mean")), mean, 1e-8);
        GpReference.Near($"{name} var_f", GpReference.Numbers(predict.GetProperty("var_f")), latent, 1e-8);
        GpReference.Near($"{name} var_y", GpReference.Numbers(predict.GetProperty("var_y")), variance, 1e-8);
        if (predict.TryGetProperty("cov_f", out var covariance))
            GpReference.Near($"{name} cov_f", [.. covariance.EnumerateArray().SelectMany(GpReference.Numbers)], posterior.Covariance(data.XTest), 1e-8);
        if (!one.TryGetProperty("leave_one_out", out var left))
            return;
        var (leftMean, leftVariance, density) = posterior.LeaveOneOut();
        GpReference.Near($"{name} loo mean", GpReference.Numbers(left.GetProperty("mean")), leftMean, 1e-8);
        GpReference.Near($"{name} loo variance", GpReference.Numbers(left.GetProperty("var_y")), leftVariance, 1e-8);
        GpReference.Near($"{name} loo density", left.GetProperty("log_density_sum").GetDouble(), density, 1e-8);
    }
}
