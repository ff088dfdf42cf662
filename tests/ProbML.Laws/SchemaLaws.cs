using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Laws;

/// <summary>Columns are promised, checked and named as ML.NET's own components do.</summary>
public static class SchemaLaws
{
    public static void The_promised_shape_is_the_fitted_schema(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var promise = new Probe();
        component.Trainer(context).Append(promise).Fit(data);
        var kept = new Probe();
        new EstimatorChain<ITransformer>().Append(kept).Fit(component.Fit(context, data).Transform(data));
        AssertSameShape(kept.Seen!, promise.Seen!);
    }

    public static void Score_has_the_type_and_annotations_of_its_task(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var score = component.Fit(context, data).GetOutputSchema(data.Schema)[component.Score];
        if (component.Task == PredictionTask.Transform)
        {
            Assert.Equal(NumberDataViewType.Single, score.Type is VectorDataViewType vector ? vector.ItemType : score.Type);
        }
        else
        {
            DataViewType expected = component.Task == PredictionTask.MulticlassClassification
                ? new VectorDataViewType(NumberDataViewType.Single, LawData.Levels.Count)
                : NumberDataViewType.Single;
            Assert.Equal(expected, score.Type);
        }
        ReadOnlyMemory<char> kind = default;
        score.Annotations.GetValue("ScoreColumnKind", ref kind);
        Assert.Equal(component.Task.ToString(), kind.ToString());
        score.Annotations.GetValue("ScoreValueKind", ref kind);
        Assert.Equal(component.Score, kind.ToString());
    }

    public static void Rare_rows_are_predicted_to_be_anomalies(Component component)
    {
        if (component.Task != PredictionTask.AnomalyDetection)
            return;
        var context = new MLContext(1);
        var rows = LawData.Rows(component);
        var scores = Scores.Read(component.Fit(context, context.View(rows)).Transform(context.View(rows)));
        var labels = scores[ColumnNames.PredictedLabel];
        var isRare = rows.Select(row => row.Number == 1).ToList();
        double Share(bool rare) => labels.Where((_, i) => isRare[i] == rare).Average();
        Assert.True(Share(rare: true) > Share(rare: false));
        var flagged = scores[ColumnNames.Score].Where((_, i) => labels[i] == 1);
        var passed = scores[ColumnNames.Score].Where((_, i) => labels[i] == 0);
        Assert.True(flagged.Min() > passed.Max());
    }

    public static void Predicted_label_is_the_likelier_class(Component component)
    {
        if (component.Task != PredictionTask.BinaryClassification)
            return;
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var scores = Scores.Read(component.Fit(context, data).Transform(data));
        var likely = scores.Names.Contains(ColumnNames.Probability)
            ? scores[ColumnNames.Probability].Select(probability => probability > 0.5f)
            : scores[ColumnNames.Score].Select(score => score > 0);
        Assert.Equal(likely, scores[ColumnNames.PredictedLabel].Select(label => label == 1));
        Assert.Equal(2, scores[ColumnNames.PredictedLabel].Distinct().Count());
    }

    public static void Missing_columns_are_named(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component, count: 60));
        var roles = component.Roles;
        AssertRefused(component, data, roles with { Features = "None" }, "Could not find feature column 'None'");
        if (component.HasLabel)
            AssertRefused(component, data, roles with { Label = "None" }, "Could not find label column 'None'");
        if (component.TakesWeight)
            AssertRefused(component, data, roles with { Weight = "None" }, "Could not find weight column 'None'");
        if (component.TakesOffset)
            AssertRefused(component, data, roles with { Offset = "None" }, "Could not find offset column 'None'");
        if (component.TakesExposure)
            AssertRefused(component, data, roles with { Exposure = "None" }, "Could not find exposure column 'None'");
    }

    public static void Columns_of_another_type_are_named(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component, count: 60));
        var roles = component.Roles;
        foreach (string name in new[] { "A", "Unsized", "Category" })
            AssertRefused(component, data, roles with { Features = name }, $"mismatch for feature column '{name}'");
        foreach (string name in new[] { "Category", "Features" })
        {
            if (component.HasLabel)
                AssertRefused(component, data, roles with { Label = name }, $"mismatch for label column '{name}'");
            if (component.TakesWeight)
                AssertRefused(component, data, roles with { Weight = name }, $"mismatch for weight column '{name}'");
            if (component.TakesOffset)
                AssertRefused(component, data, roles with { Offset = name }, $"mismatch for offset column '{name}'");
        }
    }

    public static void Scoring_names_a_missing_or_wrong_feature_column(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component, count: 60));
        var model = component.Fit(context, data);
        var missing = context.Transforms.DropColumns("Features").Fit(data).Transform(data);
        AssertOutOfRange(() => model.Transform(missing), "Could not find feature column 'Features'");
        var longer = context.Transforms.Concatenate("Features", "A", "B").Fit(data).Transform(data);
        AssertOutOfRange(() => model.Transform(longer), "Schema mismatch for feature column 'Features'");
        var text = context.Transforms.CopyColumns("Features", "Category").Fit(data).Transform(data);
        AssertOutOfRange(() => model.GetOutputSchema(text.Schema), "Schema mismatch for feature column 'Features'");
    }

    public static void Slot_names_reach_the_model(Component component)
    {
        if (component.ExpectedFeatures is not (null or 5))
            return;
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var pipeline = context.Transforms.Categorical.OneHotEncoding("Coded", "Category")
            .Append(context.Transforms.Concatenate("Joined", "A", "Doubled", "Coded"));
        var ready = context.Transforms.CopyColumns("Doubled", "B").Append(pipeline).Fit(data).Transform(data);
        var model = component.Fit(context, ready, component.Roles with { Features = "Joined" });
        Assert.Equal(data.GetRowCount() ?? 400, Scores.Read(model.Transform(ready)).Rows.Count);
        if (component.FeatureNames is null)
            return;
        Assert.Equal(["A", "Doubled", "Coded.a", "Coded.b", "Coded.c"], component.FeatureNames(model));
        var unnamed = component.Fit(context, data);
        Assert.Equal(["Features[0]", "Features[1]", "Features[2]", "Features[3]"], component.FeatureNames(unnamed));
    }

    internal static void AssertRefused(Component component, IDataView data, ColumnRoles roles, string message) =>
        AssertOutOfRange(() => component.Fit(new MLContext(1), data, roles), message);

    private static void AssertOutOfRange(Action act, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(act).Message, StringComparison.Ordinal);

    private static void AssertSameShape(
        IEnumerable<SchemaShape.Column> fitted, IEnumerable<SchemaShape.Column> promised)
    {
        var (left, right) = (fitted.OrderBy(c => c.Name).ToList(), promised.OrderBy(c => c.Name).ToList());
        Assert.Equal(left.Select(column => column.Name), right.Select(column => column.Name));
        foreach (var (one, other) in left.Zip(right))
        {
            Assert.Equal((one.Name, one.Kind, one.IsKey), (other.Name, other.Kind, other.IsKey));
            Assert.True(one.ItemType.Equals(other.ItemType), one.Name);
            AssertSameShape(one.Annotations, other.Annotations);
        }
    }

    /// <summary>Remembers the shape that a chain promises it.</summary>
    private sealed class Probe : IEstimator<ITransformer>
    {
        public SchemaShape? Seen { get; private set; }

        public ITransformer Fit(IDataView input) => new MLContext().Transforms.CopyColumns("Probed", "A").Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Seen = inputSchema;
    }
}
