using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace ProbML.Laws;

/// <summary>Several classes go by the values of the label's key, from the data to the prediction.</summary>
public static class ClassLaws
{
    public static void Classes_keep_their_names(Component component)
    {
        if (component.Task != PredictionTask.MulticlassClassification)
            return;
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var model = component.Fit(context, data);
        var loaded = new MLContext().Model.Load(
            new MemoryStream(SavingLaws.Save(context, model, data.Schema)), out _);
        foreach (var scored in new[] { model.Transform(data), loaded.Transform(data) })
        {
            Assert.Equal(LawData.Levels, Names(scored.Schema[ColumnNames.Score], "SlotNames"));
            Assert.Equal(LawData.Levels, Names(scored.Schema[ColumnNames.Score], "TrainingLabelValues"));
            Assert.Equal(LawData.Levels, Names(scored.Schema[ColumnNames.PredictedLabel], "KeyValues"));
            var named = context.Transforms.Conversion.MapKeyToValue("Name", ColumnNames.PredictedLabel)
                .Fit(scored).Transform(scored);
            var likeliest = Scores.Read(scored).Slots(ColumnNames.Score)
                .Select(score => LawData.Levels[score.IndexOf(score.Max())]);
            Assert.Equal(likeliest, named.GetColumn<string>("Name"));
            Assert.Equal(LawData.Levels.Count, likeliest.Distinct().Count());
            Assert.All(
                Scores.Read(scored).Slots(ColumnNames.Score),
                score => Scores.AssertClose(1, score.Sum(), 1e-5, "sum of probabilities"));
        }
    }

    public static void Density_finds_the_class_by_its_value(Component component)
    {
        if (component.Task != PredictionTask.MulticlassClassification)
            return;
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var model = component.Fit(context, data);
        if (model.GetOutputSchema(data.Schema).GetColumnOrNull(ColumnNames.LogDensity) is null)
            return;
        var expected = Scores.Read(model.Transform(data));
        var texts = context.Transforms.Conversion.MapKeyToValue("Text", "Level").Fit(data).Transform(data);
        var order = context.Transforms.Conversion
            .MapValueToKey("Level", "Text", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(texts).Transform(texts);
        Assert.Equal(LawData.Levels.Order(), Names(order.Schema["Level"], "KeyValues"));
        expected.AssertEqual(Scores.Read(model.Transform(order)), component.Tolerance);
        Assert.DoesNotContain(expected[ColumnNames.LogDensity], float.IsNaN);
    }

    public static void Classes_must_be_keys_of_two_values_or_more(Component component)
    {
        if (component.Task != PredictionTask.MulticlassClassification)
            return;
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component, count: 60));
        foreach (string name in new[] { "Number", "Class", "Category", "Id" })
            AssertRefused(data, name, "make one by Conversion.MapValueToKey");
        var single = context.Transforms.Expression("Same", "x => 1f", "A")
            .Append(context.Transforms.Conversion.MapValueToKey("Same")).Fit(data).Transform(data);
        AssertRefused(single, "Same", "a Key of two values or more");
        var hashed = context.Transforms.Conversion.Hash("Hash", "Category", numberOfBits: 31).Fit(data).Transform(data);
        AssertRefused(hashed, "Hash", "their number known");

        void AssertRefused(IDataView view, string label, string message) =>
            SchemaLaws.AssertRefused(component, view, component.Roles with { Label = label }, message);
    }

    public static void A_class_without_rows_is_named(Component component)
    {
        if (component.Task != PredictionTask.MulticlassClassification)
            return;
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component).Where(row => row.Level != 1));
        var error = Assert.Throws<InvalidOperationException>(() => component.Fit(context, data));
        Assert.Contains("middle", error.Message, StringComparison.Ordinal);
        Assert.Contains("Level", error.Message, StringComparison.Ordinal);
    }

    private static string[] Names(DataViewSchema.Column column, string kind)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue(kind, ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
