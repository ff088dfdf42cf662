using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Examples;
using ProbML.Laws;

namespace ProbML.Evaluation;

public sealed class EvaluateProbabilisticTests
{
    private readonly MLContext context = new(1);

    [Fact]
    public void A_true_model_is_calibrated_and_its_scores_are_those_of_the_columns()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 3000).Select(i =>
        {
            double mean = random.NextDouble() * 4, sd = 0.5 + random.NextDouble();
            double y = mean + sd * NormalDistribution.Quantile(1 - random.NextDouble());
            return new NumberRow
            {
                Label = y,
                Score = (float)mean,
                ScoreStandardDeviation = (float)sd,
                LowerBound = (float)(mean - 1.959964 * sd),
                UpperBound = (float)(mean + 1.959964 * sd),
                Quantiles = [(float)(mean - sd), (float)mean, (float)(mean + sd)],
            };
        }).ToList();
        var data = context.Data.LoadFromEnumerable(rows);
        var metrics = context.Regression.EvaluateProbabilistic(data);
        Assert.Equal(3000, metrics.Rows);
        Assert.InRange(metrics.IntervalCoverage.Value, 0.935, 0.965);
        Assert.True(metrics.CoverageCurve!.CalibrationError < 0.02);
        double crps = rows.Average(row => ProperScores.NormalCrps(row.Label, row.Score, row.ScoreStandardDeviation));
        Assert.Equal(crps, metrics.ContinuousRankedProbabilityScore.Value, 1e-12);
        var byQuantiles = context.Regression.EvaluateProbabilistic(
            data, columns: new() { Quantiles = "Quantiles", QuantileLevels = [0.158655, 0.5, 0.841345] });
        Assert.Equal(crps, byQuantiles.ContinuousRankedProbabilityScore.Value, 0.1);
        Assert.NotEqual(crps, byQuantiles.ContinuousRankedProbabilityScore.Value, 1e-6);
        var byDraws = context.Regression.EvaluateProbabilistic(data, columns: new() { Draws = "Quantiles" });
        Assert.Equal(
            rows.Average(row => ProperScores.EnsembleCrps(row.Label, [.. row.Quantiles.Select(q => (double)q)])),
            byDraws.ContinuousRankedProbabilityScore.Value,
            1e-12);
    }

    [Fact]
    public void Our_models_columns_are_found_and_their_log_density_is_used()
    {
        var data = context.View(LawData.Rows(ExampleComponents.Ridge));
        var scored = context.Regression.Trainers.LinearRegression("Number").Fit(data).Transform(data);
        var metrics = context.Regression.EvaluateProbabilistic(scored, "Number");
        Assert.Equal(
            scored.GetColumn<float>("LogDensity").Average(density => (double)density), metrics.MeanLogDensity.Value, 1e-9);
        Assert.InRange(metrics.IntervalCoverage.Value, 0.9, 1);
        Assert.Equal(
            context.Regression.Evaluate(scored, "Number").RootMeanSquaredError, metrics.RootMeanSquaredError, 1e-6);
    }

    [Fact]
    public void A_point_prediction_of_ML_NET_is_scored_as_far_as_it_goes()
    {
        var data = context.View(LawData.Rows(ExampleComponents.Ridge));
        var scored = context.Regression.Trainers.Sdca("Number").Fit(data).Transform(data);
        var metrics = context.Regression.EvaluateProbabilistic(scored, "Number");
        Assert.True(metrics.MeanAbsoluteError > 0);
        Assert.True(double.IsNaN(metrics.MeanLogDensity.Value));
        Assert.Null(metrics.PitHistogram);
    }

    [Fact]
    public void Probabilities_of_any_trainer_are_scored()
    {
        var data = context.View(LawData.Rows(ExampleComponents.Classifier));
        foreach (var trainer in new IEstimator<ITransformer>[]
        {
            context.BinaryClassification.Trainers.LogisticRegression("Class"),
            context.BinaryClassification.Trainers.SdcaLogisticRegression("Class"),
        })
        {
            var scored = trainer.Fit(data).Transform(data);
            var metrics = context.BinaryClassification.EvaluateProbabilistic(scored, "Class");
            var expected = context.BinaryClassification.Evaluate(scored, "Class");
            double density = scored.Schema.GetColumnOrNull("LogDensity") is null
                ? -expected.LogLoss * Math.Log(2)
                : scored.GetColumn<float>("LogDensity").Average(one => (double)one);
            Assert.Equal(density, metrics.MeanLogDensity.Value, 1e-5);
            Assert.Equal(expected.Accuracy, metrics.Accuracy.Value, 1e-9);
            Assert.InRange(metrics.Reliability.ExpectedCalibrationError, 0, 0.2);
        }
    }

    [Fact]
    public void Classes_are_found_by_name()
    {
        var data = context.View(LawData.Rows(ExampleComponents.NaiveBayes));
        var scored = context.MulticlassClassification.Trainers.MultinomialRegression("Level").Fit(data).Transform(data);
        var metrics = context.MulticlassClassification.EvaluateProbabilistic(scored, "Level");
        var expected = context.MulticlassClassification.Evaluate(scored, "Level");
        Assert.Equal(expected.LogLoss, -metrics.MeanLogDensity.Value, 1e-5);
        Assert.Equal(expected.MicroAccuracy, metrics.Accuracy.Value, 1e-9);
        var other = context.Transforms.Conversion.MapKeyToValue("Text", "Level")
            .Append(context.Transforms.Conversion.MapValueToKey(
                "Level", "Text", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue))
            .Fit(scored).Transform(scored);
        Assert.Equal(metrics.MeanLogDensity, context.MulticlassClassification.EvaluateProbabilistic(other, "Level").MeanLogDensity);
    }

    [Fact]
    public void Columns_that_are_missing_or_of_another_type_are_named()
    {
        var data = context.Data.LoadFromEnumerable([new NumberRow { Quantiles = [1, 2, 3] }]);
        void AssertNamed(string name, PredictiveColumns columns, string label = "Label") => Assert.Contains(
            name,
            Assert.Throws<ArgumentOutOfRangeException>(() =>
                context.Regression.EvaluateProbabilistic(data, label, columns)).Message,
            StringComparison.Ordinal);
        AssertNamed("'None'", new() { Mean = "None" });
        AssertNamed("'None'", new() { StandardDeviation = "None" });
        AssertNamed("'None'", new(), label: "None");
        AssertNamed("'Quantiles'", new() { Mean = "Quantiles" });
        AssertNamed("'Score'", new() { Draws = "Score" });
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            context.Regression.EvaluateProbabilistic(data, columns: new() { IntervalLevel = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Regression.EvaluateProbabilistic(
            data, columns: new() { Quantiles = "Quantiles", QuantileLevels = [0.5] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.BinaryClassification.EvaluateProbabilistic(data));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.MulticlassClassification.EvaluateProbabilistic(data));
    }

    private sealed class NumberRow
    {
        public double Label { get; set; }

        public float Score { get; set; }

        public float ScoreStandardDeviation { get; set; }

        public float LowerBound { get; set; }

        public float UpperBound { get; set; }

        [VectorType(3)]
        public float[] Quantiles { get; set; } = [];
    }
}
