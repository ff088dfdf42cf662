using Microsoft.ML;
using static ProbML.Reports.Tests.Page;
using static ProbML.Reports.Tests.Rows;

namespace ProbML.Reports.Tests;

/// <summary>Pipelines of ML.NET's own trainers, with and without conformal intervals.</summary>
public sealed class AnyModelTests
{
    [Theory, InlineData("sdca"), InlineData("fast tree"), InlineData("lightgbm")]
    public void A_regression_of_ml_net_has_scores_and_bands(string kind)
    {
        var trainers = Context.Regression.Trainers;
        IEstimator<ITransformer> trainer = kind switch
        {
            "sdca" => trainers.Sdca("Number", maximumNumberOfIterations: 20),
            "fast tree" => trainers.FastTree("Number", numberOfTrees: 20),
            _ => trainers.LightGbm("Number", numberOfIterations: 20),
        };
        var report = trainer.Fit(Make(400)).CreateReport(Make(300, 2), new() { LabelColumnName = "Number" });
        Check(report);
        Assert.Equal(["Model", "Scores", "Predictions along features"], Titles(report));
    }

    [Theory, InlineData("sdca"), InlineData("fast tree"), InlineData("lightgbm")]
    public void Two_classes_of_ml_net_have_scores_calibration_and_bands(string kind)
    {
        var trainers = Context.BinaryClassification.Trainers;
        IEstimator<ITransformer> trainer = kind switch
        {
            "sdca" => trainers.SdcaLogisticRegression("Flag", maximumNumberOfIterations: 20),
            "fast tree" => trainers.FastTree("Flag", numberOfTrees: 20),
            _ => trainers.LightGbm("Flag", numberOfIterations: 20),
        };
        var report = trainer.Fit(Make(400)).CreateReport(Make(300, 2), new() { LabelColumnName = "Flag" });
        Check(report);
        Assert.Equal(["Model", "Scores", "Calibration", "Predictions along features"], Titles(report));
    }

    [Fact]
    public void Several_classes_of_ml_net_have_scores_calibration_and_bands()
    {
        var model = Context.Transforms.Conversion.MapValueToKey("Label", "Level")
            .Append(Context.MulticlassClassification.Trainers.LightGbm(numberOfIterations: 20)).Fit(Make(400));
        var report = model.CreateReport(Make(300, 2));
        Check(report);
        Assert.Equal(["Model", "Scores", "Calibration", "Predictions along features"], Titles(report));
    }

    [Fact]
    public void Conformal_intervals_about_trees_are_judged_by_their_own_level()
    {
        var model = Context.Regression.Conformal(
            Context.Regression.Trainers.FastTree("Number", numberOfTrees: 20), "Number", options: new() { Level = 0.8, Seed = 1 }).Fit(Make(1000));
        var report = model.CreateReport(Make(500, 2), new() { LabelColumnName = "Number" });
        Check(report);
        Assert.Contains("Conformal intervals", Titles(report));
        string held = Cell(report, "Scores", "coverage of 80 % intervals", "value").Split(' ')[0];
        Assert.InRange(double.Parse(held, System.Globalization.CultureInfo.InvariantCulture), 0.72, 0.88);
    }
}
