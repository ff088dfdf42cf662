using Microsoft.ML;
using ProbML.GaussianProcesses;
using static ProbML.Reports.Tests.Page;
using static ProbML.Reports.Tests.Rows;

namespace ProbML.Reports.Tests;

/// <summary>Gaussian processes of numbers, counts and classes.</summary>
public sealed class ProcessTests
{
    private static readonly GaussianProcessOptions Quick = new() { Restarts = 0, MaximumIterations = 15 };

    [Theory, InlineData("Number"), InlineData("Count")]
    public void A_process_of_numbers_has_hyperparameters_and_bands(string label)
    {
        var options = label == "Count" ? Quick with { Likelihood = new PoissonLikelihood() } : Quick;
        var model = Context.Regression.Trainers.GaussianProcess(options, label).Fit(Make(80));
        var report = model.CreateReport(Make(60, 2));
        Check(report);
        Assert.Equal(["Model", "Hyperparameters", "Scores", "Residuals", "Calibration", "Predictions along features"], Titles(report));
        Assert.Equal(model.Model.Hyperparameters.Count, report.Sections[1].Tables[0].Rows.Count);
        Assert.Contains(label == "Count" ? "the process's own" : "the normal distribution", report.Sections[3].Text, StringComparison.Ordinal);
        Assert.Equal(3, report.Sections[^1].Plots.Count);
    }

    [Fact]
    public void Classes_have_reliability_and_probabilities_along_features()
    {
        var flags = Context.BinaryClassification.Trainers.GaussianProcess(Quick, "Flag").Fit(Make(60)).CreateReport(Make(60, 2));
        Check(flags);
        Assert.Equal(["Model", "Hyperparameters", "Scores", "Calibration", "Predictions along features"], Titles(flags));
        var levels = Context.Transforms.Conversion.MapValueToKey("Label", "Level")
            .Append(Context.MulticlassClassification.Trainers.GaussianProcess(Quick)).Fit(Make(60)).CreateReport(Make(60, 2));
        Check(levels);
        Assert.Equal(["Model", "Scores", "Calibration", "Predictions along features"], Titles(levels));
    }
}
