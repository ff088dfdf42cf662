using Microsoft.ML;
using Microsoft.ML.Data;
using static ProbML.Reports.Tests.Page;
using static ProbML.Reports.Tests.Rows;

namespace ProbML.Reports.Tests;

/// <summary>Reports of generalized linear models: which sections there are, and that their numbers are the model's and the metrics'.</summary>
public sealed class GlmTests
{
    private static readonly string[] OfNumbers = ["Model", "Coefficients", "Scores", "Residuals", "Calibration", "Predictions along features"];
    private static readonly string[] OfClasses = ["Model", "Coefficients", "Scores", "Calibration", "Predictions along features"];

    public static TheoryData<string> Regressions => ["linear", "poisson", "negative binomial", "gamma", "inverse gaussian", "tweedie", "tobit", "gaussian log"];

    [Theory, MemberData(nameof(Regressions))]
    public void A_regression_has_coefficients_scores_residuals_calibration_and_bands(string kind)
    {
        var data = Make(400);
        var (trainer, label) = Trainer(kind);
        var report = trainer.Fit(data).CreateReport(Make(300, 2));
        Check(report);
        Assert.Equal(OfNumbers, Titles(report));
        Assert.Equal(label, Cell(report, "The fit", "predicts", "value"));
        Assert.Equal("300", Cell(report, "Scores", "rows", "value"));
    }

    [Theory, MemberData(nameof(Regressions))]
    public void Residuals_of_the_true_family_are_standard_normal(string kind)
    {
        if (kind is "inverse gaussian" or "tweedie" or "gaussian log")
            return;                                        // the rows come from other families
        var data = Make(3000);
        var report = Trainer(kind).Trainer.Fit(data).CreateReport(data);
        Assert.Equal(0, double.Parse(Cell(report, "Residuals", "mean", "found"), Invariant), 0.06);
        Assert.Equal(1, double.Parse(Cell(report, "Residuals", "standard deviation", "found"), Invariant), 0.05);
        Assert.Equal(1.0 / 12, double.Parse(Cell(report, "Calibration", "variance of u", "found"), Invariant), 0.006);
        Assert.True(double.Parse(Cell(report, "Calibration", "mean error of coverage", "found"), Invariant) < 0.025);
    }

    [Fact]
    public void A_model_alone_gives_what_it_knows()
    {
        var model = Context.Regression.Trainers.PoissonRegression("Count").Fit(Make(200));
        var report = model.CreateReport();
        Check(report);
        Assert.Equal(["Model", "Coefficients"], Titles(report));
        foreach (var c in model.Model.Coefficients)
        {
            Assert.Equal(c.Estimate, double.Parse(Cell(report, "Coefficients", c.Name, "estimate"), Invariant), 1e-5 * Math.Abs(c.Estimate));
            Assert.Equal(c.StandardError, double.Parse(Cell(report, "Coefficients", c.Name, "std. error"), Invariant), 1e-5 * c.StandardError);
            Assert.Equal(c.Upper, double.Parse(Cell(report, "Coefficients", c.Name, "to"), Invariant), 1e-5 * Math.Abs(c.Upper));
        }
    }

    [Fact]
    public void Scores_and_curves_are_those_of_the_evaluation()
    {
        var (data, test) = (Make(300), Make(500, 2));
        var model = Context.Regression.Trainers.LinearRegression("Number").Fit(data);
        var metrics = Context.Regression.EvaluateProbabilistic(model.Transform(test), "Number");
        var report = model.CreateReport(test);
        double Value(string row) => double.Parse(Cell(report, "Scores", row, "value").Split(' ')[0], Invariant);
        Assert.Equal(metrics.RootMeanSquaredError, Value("root mean squared error"), 1e-5);
        Assert.Equal(metrics.MeanLogDensity.Value, Value("mean log density"), 1e-5);
        Assert.Equal(metrics.ContinuousRankedProbabilityScore.Value, Value("CRPS"), 1e-5);
        Assert.Equal(metrics.IntervalCoverage.Value, Value("coverage of 95 % intervals"), 1e-5);
        Assert.Equal(metrics.PitHistogram!.Variance, double.Parse(Cell(report, "Calibration", "variance of u", "found"), Invariant), 1e-6);
        Assert.Equal(metrics.CoverageCurve!.CalibrationError, double.Parse(Cell(report, "Calibration", "mean error of coverage", "found"), Invariant), 1e-6);
    }

    [Fact]
    public void Two_classes_have_reliability_and_bands_of_the_probability()
    {
        var (data, test) = (Make(400), Make(500, 2));
        var model = Context.BinaryClassification.Trainers.LogisticRegression("Flag").Fit(data);
        var report = model.CreateReport(test);
        Check(report);
        Assert.Equal(OfClasses, Titles(report));
        var metrics = Context.BinaryClassification.EvaluateProbabilistic(model.Transform(test), "Flag");
        Assert.Equal(metrics.BrierScore.Value, double.Parse(Cell(report, "Scores", "Brier score", "value").Split(' ')[0], Invariant), 1e-5);
        Assert.Equal(
            metrics.Reliability.ExpectedCalibrationError, double.Parse(Cell(report, "Calibration", "expected calibration error", "value"), Invariant), 1e-6);
        var bins = report.Sections[3].Tables[1].Rows;
        Assert.Equal(metrics.Reliability.Bins.Count(bin => bin.Rows > 0), bins.Count);
        Assert.Equal(metrics.Rows, bins.Sum(bin => long.Parse(bin[1], Invariant)));
    }

    [Theory, InlineData("multinomial"), InlineData("ordinal")]
    public void Several_classes_have_confusion_and_reliability_each(string kind)
    {
        var map = Context.Transforms.Conversion.MapValueToKey("Label", "Level", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue);
        var (data, test) = (Make(400), Make(500, 2));
        var trainers = Context.MulticlassClassification.Trainers;
        ITransformer model = kind == "multinomial" ? map.Append(trainers.MultinomialRegression()).Fit(data) : map.Append(trainers.OrdinalRegression()).Fit(data);
        var report = model.CreateReport(test);
        Check(report);
        Assert.Equal(OfClasses, Titles(report));
        var metrics = Context.MulticlassClassification.EvaluateProbabilistic(model.Transform(test));
        Assert.Equal(metrics.BrierScore.Value, double.Parse(Cell(report, "Scores", "Brier score", "value").Split(' ')[0], Invariant), 1e-5);
        string confusion = "Rows by observed class (down) and likeliest class (across)";
        var names = new[] { "low", "middle", "high" };
        Assert.Equal(500, names.Sum(row => names.Sum(column => long.Parse(Cell(report, confusion, row, column), Invariant))));
        double right = names.Sum(name => double.Parse(Cell(report, confusion, name, name), Invariant)) / 500;
        Assert.Equal(metrics.Accuracy.Value, right, 1e-9);
        Assert.Equal(4, report.Sections[3].Plots.Count);
    }

    [Fact]
    public void Many_coefficients_are_cut_to_those_furthest_from_zero()
    {
        var random = new Random(1);
        var schema = SchemaDefinition.Create(typeof(Wide));
        schema[nameof(Wide.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 60);
        var rows = Enumerable.Range(0, 300).Select(_ => new Wide { Features = [.. Enumerable.Range(0, 60).Select(_ => (float)random.NextDouble())] }).ToList();
        foreach (var row in rows)
            row.Label = 3 * row.Features[7] + (float)random.NextDouble();
        var data = Context.Data.LoadFromEnumerable(rows, schema);
        var report = Context.Regression.Trainers.LinearRegression().Fit(data).CreateReport(data, new() { MaximumDrawn = 10 });
        Check(report);
        Assert.Contains("The 10 of 60", report.Sections[1].Text, StringComparison.Ordinal);
        Assert.Equal(110 + 22 * 10, Plot(report, "coefficients").Height);
        Assert.Equal(61, report.Sections[1].Tables[0].Rows.Count);
        Assert.Equal("Features[7]", report.Sections[^1].Tables[0].Rows[0][0]);
        Assert.True(report.ToHtml().Length < 2_000_000);
    }

    private sealed class Wide
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private static readonly System.Globalization.CultureInfo Invariant = System.Globalization.CultureInfo.InvariantCulture;

    private static (IEstimator<ITransformer> Trainer, string Label) Trainer(string kind)
    {
        var trainers = Context.Regression.Trainers;
        return kind switch
        {
            "linear" => (trainers.LinearRegression("Number"), "Number"),
            "poisson" => (trainers.PoissonRegression("Count"), "Count"),
            "negative binomial" => (trainers.NegativeBinomialRegression("Count", theta: 50), "Count"),
            "gamma" => (trainers.GammaRegression("Positive", link: Links.Log), "Positive"),
            "inverse gaussian" => (trainers.InverseGaussianRegression("Positive", link: Links.Log), "Positive"),
            "tweedie" => (trainers.TweedieRegression("Count"), "Count"),
            "tobit" => (trainers.TobitRegression("Sparse"), "Sparse"),
            _ => (trainers.Glm(new GlmOptions { Family = Families.Gaussian, Link = Links.Log }, "Positive"), "Positive"),
        };
    }
}
