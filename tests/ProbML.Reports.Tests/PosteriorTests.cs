using Microsoft.ML;
using static ProbML.Reports.Tests.Page;
using static ProbML.Reports.Tests.Rows;

namespace ProbML.Reports.Tests;

/// <summary>Bayesian and hierarchical models: posteriors, chains, groups.</summary>
public sealed class PosteriorTests
{
    private static readonly NutsOptions Short = new() { Chains = 2, Warmup = 150, Draws = 150 };
    private static readonly string[] Judged = ["Scores", "Residuals", "Calibration", "Predictions along features"];

    [Theory, InlineData("nuts"), InlineData("laplace"), InlineData("evidence"), InlineData("conjugate")]
    public void A_bayesian_model_has_its_posterior(string kind)
    {
        var data = Make(150);
        var trainers = Context.Regression.Trainers;
        ITransformer model = kind switch
        {
            "nuts" => trainers.BayesianGlm(new() { Family = Families.Poisson, Inference = Inference.Nuts(Short), Seed = 1 }, "Count").Fit(data),
            "laplace" => trainers.BayesianGlm(new() { Family = Families.Poisson, Inference = Inference.Laplace }, "Count").Fit(data),
            "evidence" => trainers.BayesianLinearRegression(labelColumnName: "Number").Fit(data),
            _ => trainers.BayesianLinearRegression(new BayesianLinearOptions { Inference = LinearInference.NormalInverseGamma() }, "Number").Fit(data),
        };
        var report = model.CreateReport(Make(200, 2));
        Check(report);
        Assert.Equal(["Model", "Coefficients", "Posterior", .. Judged], Titles(report));
        var posterior = report.Sections[2];
        Assert.Equal(kind == "nuts" ? 8 : 4, posterior.Plots.Count);
        Assert.Equal(kind == "nuts" ? 4 : 0, posterior.Plots.Count(plot => plot.Name.StartsWith("trace-", StringComparison.Ordinal)));
        if (model is ProbabilisticTransformer<BayesianGlmModel> { Model: { DrawCount: > 0 } bayes })
        {
            foreach (var c in bayes.Coefficients)
                Assert.Equal(c.RHat!.Value, double.Parse(Cell(report, "Draws", c.Name, "R-hat"), System.Globalization.CultureInfo.InvariantCulture), 1e-4);
        }
    }

    [Fact]
    public void Residuals_by_the_posterior_are_standard_normal()
    {
        var data = Make(1500);
        var model = Context.Regression.Trainers.BayesianGlm(new() { Family = Families.Poisson, Inference = Inference.Laplace }, "Count").Fit(data);
        var report = model.CreateReport(data);
        Assert.Equal(1, double.Parse(Cell(report, "Residuals", "standard deviation", "found"), System.Globalization.CultureInfo.InvariantCulture), 0.06);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_hierarchical_model_has_its_groups(bool draws)
    {
        HierarchicalOptions options = new()
        {
            Effects = [new GroupEffect("Group")], Inference = draws ? HierarchicalInference.Nuts(Short) : HierarchicalInference.RestrictedLikelihood, Seed = 1,
        };
        var model = Context.Regression.Trainers.Hierarchical(options, "Number").Fit(Make(150));
        var report = model.CreateReport(Make(100, 2));
        Check(report);
        Assert.Equal(["Model", "Coefficients", .. draws ? ["Posterior"] : Array.Empty<string>(), "Groups", .. Judged], Titles(report));
        var groups = report.Sections.Single(section => section.Title == "Groups");
        Assert.Single(groups.Plots);
        Assert.Equal(model.Model.Components[0].StandardDeviations[0], double.Parse(groups.Tables[0].Rows[0][3], System.Globalization.CultureInfo.InvariantCulture), 1e-5);
        Assert.Equal(110 + 22 * model.Model.GroupEffects("Group").Count, groups.Plots[0].Height);
    }

    [Fact]
    public void The_kernel_density_of_normal_draws_is_normal()
    {
        var random = new Random(1);
        double[] draws = [.. Enumerable.Range(0, 20_000).Select(_ => 3 + 2 * NormalDistribution.Quantile(random.NextDouble()))];
        var (x, density) = Plotting.KernelDensity.Of(draws);
        double total = density.Sum() * (x[1] - x[0]);
        Assert.Equal(1, total, 1e-3);
        foreach (var (place, found) in x.Zip(density))
            Assert.Equal(NormalDistribution.Density((place - 3) / 2) / 2, found, 0.012);
    }
}
