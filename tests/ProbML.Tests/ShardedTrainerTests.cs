using Microsoft.ML;
using ProbML.Glm;
using ProbML.Laws;
using ProbML.Sharding;

namespace ProbML;

/// <summary>Trainers over shards that are data views.</summary>
public sealed class ShardedTrainerTests
{
    private readonly MLContext context = new(1);
    private readonly List<LawRow> rows = LawData.Rows(GlmComponents.All.First(component => component.Task == PredictionTask.BinaryClassification), 300);

    [Fact]
    public void Views_in_shards_give_the_model_of_one_view()
    {
        var trainer = context.BinaryClassification.Trainers.Glm(labelColumnName: nameof(LawRow.Class));
        var whole = context.View(rows);
        var one = trainer.Fit(whole);
        IShard[] shards =
        [
            trainer.CreateShard("a", context.View(rows[..50])), trainer.CreateShard("b", context.View(rows[50..])),
            trainer.CreateShard("none", context.View(rows[..0])),
        ];
        var many = trainer.Fit(shards, whole.Schema);
        foreach (var (a, b) in one.Model.Coefficients.Zip(many.Model.Coefficients))
            Assert.Equal(a.Estimate, b.Estimate, 1e-10 * a.StandardError);
        byte[] saved = SavingLaws.Save(context, many, whole.Schema);
        var loaded = new MLContext().Model.Load(new MemoryStream(saved), out _);
        Scores.Read(many.Transform(whole)).AssertEqual(Scores.Read(loaded.Transform(whole)));
    }

    [Fact]
    public void Classes_in_another_order_are_refused()
    {
        var trainer = context.MulticlassClassification.Trainers.MultinomialRegression(labelColumnName: "Key");
        IDataView View(params string[] order) => context.Transforms.Conversion.MapValueToKey(
            "Key", nameof(LawRow.Category), keyData: context.Data.LoadFromEnumerable(order.Select(one => new Word { Value = one })))
            .Fit(context.View(rows)).Transform(context.View(rows));

        var schema = View("a", "b", "c").Schema;
        IShard[] shards = [trainer.CreateShard("one", View("a", "b", "c")), trainer.CreateShard("two", View("c", "b", "a"))];
        Assert.Contains(
            "its levels of 'Key' are c, b, a, not a, b, c", Assert.Throws<ShardException>(() => { trainer.Fit(shards, schema); }).Message);
    }

    [Fact]
    public void The_schema_must_be_the_shards()
    {
        var trainer = context.Regression.Trainers.Glm(labelColumnName: nameof(LawRow.Number));
        var other = context.Transforms.Concatenate("Features", "A", "B").Fit(context.View(rows)).Transform(context.View(rows));
        Assert.Contains("Give the schema of the shards' rows", Assert.Throws<ShardException>(
            () => { trainer.Fit([trainer.CreateShard("one", context.View(rows))], other.Schema); }).Message);
    }

    private sealed class Word
    {
        public string Value { get; set; } = "";
    }
}
