using Microsoft.ML;
using static ProbML.Reports.Tests.Page;
using static ProbML.Reports.Tests.Rows;

namespace ProbML.Reports.Tests;

/// <summary>Density ratios and drift.</summary>
public sealed class RatioTests
{
    [Fact]
    public void A_density_ratio_tells_how_far_its_samples_lie_apart()
    {
        var model = Context.BinaryClassification.Trainers.DensityRatio(labelColumnName: "Flag").Fit(Make(400));
        var report = model.CreateReport();
        Check(report);
        Assert.Equal(["Model", "Density ratio"], Titles(report));
        Assert.StartsWith(
            Html.Text.Number(model.Model.Statistics.Divergences.KullbackLeibler.Value),
            Cell(report, "The two samples", "Kullback–Leibler, numerator to denominator, nats", "value"), StringComparison.Ordinal);
        Check(model.CreateReport(Make(300, 2)));
    }

    [Fact]
    public void A_density_ratio_by_a_classifier_of_ml_net_has_its_log_ratios()
    {
        var model = Context.Transforms.DensityRatio(
            Context.BinaryClassification.Trainers.FastTree("Flag", numberOfTrees: 10), "Flag", options: new() { Folds = 2 }).Fit(Make(400));
        var report = model.CreateReport(Make(300, 2));
        Check(report);
        Assert.Equal(["Model", "Density ratio"], Titles(report));
        Assert.Single(report.Sections[1].Plots);
    }

    [Fact]
    public void Drift_has_its_verdict_columns_and_rows()
    {
        var drift = Context.Data.DetectDrift(Make(300), Context.Data.FilterRowsByColumn(Make(500, 2), "Number", lowerBound: 0.5), new() { Ignore = ["Features"] });
        var report = drift.CreateReport();
        Check(report);
        Assert.Equal(["Drift", "Columns", "Rows most unlike the reference"], Titles(report));
        var first = drift.Features[0];
        Assert.Equal(first.Name, report.Sections[1].Tables[0].Rows[0][0]);
        Assert.Equal(Html.Text.Number(first.Statistic), Cell(report, "Columns", first.Name, "statistic"));
        Assert.Equal(drift.Features.Count, report.Sections[1].Tables[0].Rows.Count);
        Assert.Equal(Html.Text.Number(drift.Divergences.KullbackLeibler.Value), Cell(report, "How far apart the samples are", "Kullback–Leibler, current to reference, nats", "estimate"));
    }
}
