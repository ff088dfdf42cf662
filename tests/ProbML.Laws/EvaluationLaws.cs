using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Laws;

/// <summary>ML.NET's evaluators, cross-validation, feature importance and calibrators take it as theirs.</summary>
public static class EvaluationLaws
{
    public static void Evaluate_reads_its_columns(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        AssertUseful(component, context, component.Fit(context, data).Transform(data));
    }

    public static void CrossValidate_fits_and_scores_each_fold(Component component)
    {
        if (!component.HasLabel)
            return;
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        if (component.Task == PredictionTask.MulticlassClassification)
        {
            var folds = context.MulticlassClassification.CrossValidate(
                data, component.Trainer(context), 3, component.Roles.Label);
            Assert.All(folds, fold => Assert.True(fold.Metrics.LogLossReduction > 0));
        }
        else if (component.Task == PredictionTask.Regression)
        {
            var folds = context.Regression.CrossValidate(data, component.Trainer(context), 3, component.Roles.Label);
            Assert.All(folds, fold => Assert.True(fold.Metrics.RSquared > 0));
        }
        else
        {
            var folds = context.BinaryClassification.CrossValidateNonCalibrated(
                data, component.Trainer(context), 3, component.Roles.Label);
            Assert.All(folds, fold => Assert.True(fold.Metrics.AreaUnderRocCurve > 0.5));
        }
    }

    public static void Feature_importance_finds_the_important_one(Component component)
    {
        if (!component.HasLabel)
            return;
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var named = context.Transforms.Concatenate("Named", "A", "B", "C", "D").Fit(data).Transform(data);
        var model = component.Fit(context, named, component.Roles with { Features = "Named" });
        var harm = component.Task switch
        {
            PredictionTask.Regression => context.Regression
                .PermutationFeatureImportance(model, named, component.Roles.Label)
                .ToDictionary(slot => slot.Key, slot => -slot.Value.RSquared.Mean),
            PredictionTask.BinaryClassification => context.BinaryClassification
                .PermutationFeatureImportanceNonCalibrated(model, named, component.Roles.Label)
                .ToDictionary(slot => slot.Key, slot => -slot.Value.AreaUnderRocCurve.Mean),
            _ => context.MulticlassClassification
                .PermutationFeatureImportance(model, named, component.Roles.Label)
                .ToDictionary(slot => slot.Key, slot => slot.Value.LogLoss.Mean),
        };
        Assert.Equal(["A", "B", "C", "D"], harm.Keys.Order());
        Assert.Equal("B", harm.MaxBy(slot => slot.Value).Key);
    }

    public static void Calibrators_follow_it(Component component)
    {
        if (component.Task != PredictionTask.BinaryClassification)
            return;
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var pipeline = component.Trainer(context)
            .Append(context.BinaryClassification.Calibrators.Platt(labelColumnName: component.Roles.Label));
        var scored = pipeline.Fit(data).Transform(data);
        var metrics = context.BinaryClassification.Evaluate(scored, component.Roles.Label);
        Assert.True(metrics.LogLossReduction > 0);
    }

    public static void It_stands_in_a_pipeline_and_its_columns_go_on(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var pipeline = context.Transforms.NormalizeMeanVariance("Scaled", "Features")
            .Append(component.Trainer(context, component.Roles with { Features = component.TakesAmounts ? "Scaled" : "Features" }))
            .Append(context.Transforms.CopyColumns("Kept", component.Score));
        var model = pipeline.Fit(data);
        var loaded = new MLContext().Model.Load(
            new MemoryStream(SavingLaws.Save(context, model, data.Schema)), out var schema);
        Assert.Equal(data.Schema.Count, schema.Count);
        var (kept, again) = (Scores.Read(model.Transform(data)).Slots("Kept"), Scores.Read(loaded.Transform(data)).Slots("Kept"));
        Assert.Equal(kept.Count, again.Count);
        foreach (var (one, other) in kept.SelectMany(row => row).Zip(again.SelectMany(row => row)))
            Scores.AssertClose(one, other, component.Tolerance, "a score");
    }

    private static void AssertFinite(float value) => Assert.True(float.IsFinite(value));

    private static void AssertUseful(Component component, MLContext context, IDataView scored)
    {
        if (component.Task == PredictionTask.Transform)
        {
            Assert.All(Scores.Read(scored).Slots(component.Score), row => Assert.All(row, AssertFinite));
            return;
        }
        if (component.Task == PredictionTask.AnomalyDetection)
        {
            var detected = context.AnomalyDetection.Evaluate(scored, component.Roles.Label);
            Assert.True(detected.AreaUnderRocCurve > 0.9);
            return;
        }
        if (component.Task == PredictionTask.Regression)
        {
            Assert.True(context.Regression.Evaluate(scored, component.Roles.Label).RSquared > 0);
            return;
        }
        if (component.Task == PredictionTask.MulticlassClassification)
        {
            var found = context.MulticlassClassification.Evaluate(
                scored, component.Roles.Label, topKPredictionCount: 2);
            Assert.True(found.LogLossReduction > 0 && found.MicroAccuracy > 0.4);
            Assert.InRange(found.TopKAccuracy, found.MicroAccuracy, 1);
            Assert.Equal(LawData.Levels.Count, found.PerClassLogLoss.Count);
            Assert.All(LawData.Levels, level =>
                Assert.Contains(level, found.ConfusionMatrix.GetFormattedConfusionTable(), StringComparison.Ordinal));
            return;
        }
        var metrics = context.BinaryClassification.Evaluate(scored, component.Roles.Label);
        Assert.True(metrics.AreaUnderRocCurve > 0.5 && metrics.LogLoss < 1 && metrics.Accuracy > 0.5);
    }
}
