using System.Text.Json;
using ProbML.GaussianProcesses;
using ProbML.Tests;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Two classes: modes, evidences, gradients, sites and predictions against the reference's.</summary>
public sealed class ClassificationReferenceTests
{
    private static readonly (string Name, ILinkFunction Link, PosteriorApproximation Approximation)[] Methods =
    [
        ("laplace_logistic", Links.Logit, PosteriorApproximation.Laplace),
        ("laplace_probit", Links.Probit, PosteriorApproximation.Laplace),
        ("ep_probit", Links.Probit, PosteriorApproximation.ExpectationPropagation),
    ];

    public static TheoryData<int, string> Cases
    {
        get
        {
            var cases = new TheoryData<int, string>();
            foreach (var (name, _, _) in Methods)
            {
                cases.Add(0, name);
                cases.Add(1, name);
            }
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Every_case_of_the_set_agrees(int set, string method)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.Require("reference", "gp", "classification.json")));
        var one = document.RootElement.GetProperty("sets")[set];
        var data = GpReference.DataOf(one.GetProperty("data"));
        int cases = 0;
        foreach (var given in one.GetProperty("cases").EnumerateArray())
        {
            if (!given.TryGetProperty(method, out var expected))
                continue;
            Check($"{given.GetProperty("id").GetString()} {method}", data, GpReference.KernelOf(given.GetProperty("kernel")), method, expected);
            cases++;
        }
        Assert.True(cases > 0);
    }

    private static void Check(string name, GpReference.Data data, Kernel kernel, string method, JsonElement expected)
    {
        var (_, link, approximation) = Methods.Single(one => one.Name == method);
        var likelihood = new BernoulliLikelihood(link);
        var posterior = ApproximatePosterior.Condition(kernel, likelihood, data.X, data.Y, approximation);
        Assert.True(posterior.Converged);
        GpReference.Near($"{name} evidence", expected.GetProperty("log_marginal_likelihood").GetDouble(), posterior.LogEvidence, 1e-10);
        if (expected.TryGetProperty("mode", out var mode))
            GpReference.Near($"{name} mode", GpReference.Numbers(mode), posterior.Mean(), 1e-9);
        if (expected.TryGetProperty("gradient", out var gradient))
        {
            double[] slopes = [.. gradient.EnumerateArray().Select(entry => entry.GetProperty("d_log").GetDouble())];
            GpReference.Near($"{name} gradient", slopes, [.. posterior.Gradient().Kernel], 1e-8);
        }
        if (expected.TryGetProperty("posterior_mean", out var mean))
        {
            GpReference.Near($"{name} mean", GpReference.Numbers(mean), posterior.Mean(), 1e-8);
            GpReference.Near($"{name} variance", GpReference.Numbers(expected.GetProperty("posterior_var")), posterior.Variance(), 1e-8);
            GpReference.Near($"{name} sites", GpReference.Numbers(expected.GetProperty("site_tau")), [.. posterior.Precisions], 1e-8);
        }
        var predict = expected.GetProperty("predict");
        int m = data.XTest.Rows;
        double[] latent = new double[m], variance = new double[m];
        posterior.Predict(data.XTest, latent, variance);
        GpReference.Near($"{name} latent mean", GpReference.Numbers(predict.GetProperty("latent_mean")), latent, 1e-8);
        GpReference.Near($"{name} latent variance", GpReference.Numbers(predict.GetProperty("latent_var")), variance, 1e-8);
        double[] probability = [.. latent.Zip(variance, likelihood.Probability)];
        GpReference.Near($"{name} probability", GpReference.Numbers(predict.GetProperty("probability")), probability, 1e-9);
    }
}
