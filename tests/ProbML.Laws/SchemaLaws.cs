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

    public static void Score_is_a_single_number_with_its_annotations(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var score = component.Fit(context, data).GetOutputSchema(data.Schema)[ColumnNames.Score];
        Assert.Equal(NumberDataViewType.Single, score.Type);
        ReadOnlyMemory<char> kind = default;
        score.Annotations.GetValue("ScoreColumnKind", ref kind);
        Assert.Equal(component.Task.ToString(), kind.ToString());
        score.Annotations.GetValue("ScoreValueKind", ref kind);
        Assert.Equal("Score", kind.ToString());
    }

    public static void Missing_columns_are_named(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component, count: 60));
        AssertRefused(component, data, component.Roles with { Features = "Nowhere" }, "Could not find feature column 'Nowhere'");
        AssertRefused(component, data, component.Roles with { Label = "Nowhere" }, "Could not find label column 'Nowhere'");
        AssertRefused(component, data, component.Roles with { Weight = "Nowhere" }, "Could not find weight column 'Nowhere'");
        AssertRefused(component, data, component.Roles with { Offset = "Nowhere" }, "Could not find offset column 'Nowhere'");
        if (component.TakesExposure)
            AssertRefused(component, data, component.Roles with { Exposure = "Nowhere" }, "Could not find exposure column 'Nowhere'");
    }

    public static void Columns_of_another_type_are_named(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component, count: 60));
        const string Mismatch = "Schema mismatch for ";
        AssertRefused(component, data, component.Roles with { Features = "A" }, Mismatch + "feature column 'A'");
        AssertRefused(component, data, component.Roles with { Features = "Unsized" }, Mismatch + "feature column 'Unsized'");
        AssertRefused(component, data, component.Roles with { Features = "Category" }, Mismatch + "feature column 'Category'");
        AssertRefused(component, data, component.Roles with { Label = "Category" }, Mismatch + "label column 'Category'");
        AssertRefused(component, data, component.Roles with { Label = "Features" }, Mismatch + "label column 'Features'");
        AssertRefused(component, data, component.Roles with { Weight = "Category" }, Mismatch + "weight column 'Category'");
        AssertRefused(component, data, component.Roles with { Offset = "Features" }, Mismatch + "offset column 'Features'");
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

    private static void AssertRefused(Component component, IDataView data, ColumnRoles roles, string message) =>
        AssertOutOfRange(() => component.Fit(new MLContext(1), data, roles), message);

    private static void AssertOutOfRange(Action act, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(act).Message, StringComparison.Ordinal);

    private static void AssertSameShape(IEnumerable<SchemaShape.Column> fitted, IEnumerable<SchemaShape.Column> promised)
    {
        var (left, right) = (fitted.OrderBy(c => c.Name).ToList(), promised.OrderBy(c => c.Name).ToList());
        Assert.Equal(left.Select(column => column.Name), right.Select(column => column.Name));
        foreach (var (one, other) in left.Zip(right))
        {
            Assert.True(one.Kind == other.Kind && one.IsKey == other.IsKey && one.ItemType.Equals(other.ItemType), one.Name);
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
