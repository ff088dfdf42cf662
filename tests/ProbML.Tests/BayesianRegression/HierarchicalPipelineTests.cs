using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.BayesianRegression;

/// <summary>Groups in a pipeline: whatever type names them, known or not, before and after saving.</summary>
public sealed class HierarchicalPipelineTests
{
    private readonly MLContext context = new(1);

    [Fact]
    public void Text_keys_and_integers_name_the_same_groups()
    {
        var rows = Rows();
        var data = context.Data.LoadFromEnumerable(rows);
        var byText = Trainer("Group").Fit(data);
        var byKey = context.Transforms.Conversion.MapValueToKey("Key", "Group").Append(Trainer("Key")).Fit(data);
        var byNumber = Trainer("Number").Fit(data);
        float[] expected = Scores(byText, data), keyed = Scores(byKey, data), numbered = Scores(byNumber, data);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], keyed[i], 1e-5f);
            Assert.Equal(expected[i], numbered[i], 1e-5f);
        }
        Assert.Equal(
            byText.Model.GroupEffects("Group").Select(one => one.Level).Order(),
            byKey.LastTransformer.Model.GroupEffects("Key").Select(one => one.Level).Order());
    }

    [Fact]
    public void A_group_never_seen_is_of_the_population_and_flagged()
    {
        var model = Trainer("Group").Fit(context.Data.LoadFromEnumerable(Rows()));
        Row known = new() { Features = [0.5f], Group = "g3" }, stranger = new() { Features = [0.5f], Group = "zz" }, missing = new() { Features = [0.5f], Group = "" };
        var scored = context.Data.CreateEnumerable<Scored>(
            model.Transform(context.Data.LoadFromEnumerable((Row[])[known, stranger, missing])), reuseRowObject: false).ToList();
        Assert.Equal([0, 1, 1], scored.Select(row => row.UnseenGroups));
        Assert.Equal(scored[1].Score, scored[2].Score);
        Assert.True(scored[1].EpistemicStandardDeviation > 2 * scored[0].EpistemicStandardDeviation);
        var fixedPart = model.Model.Coefficients;
        Assert.Equal(fixedPart[0].Mean + 0.5 * fixedPart[1].Mean, scored[1].Score, 1e-4);
    }

    [Fact]
    public void A_loaded_model_knows_the_groups_by_name_whatever_their_keys()
    {
        var rows = Rows();
        var data = context.Data.LoadFromEnumerable(rows);
        var model = context.Transforms.Conversion.MapValueToKey("Key", "Group").Append(Trainer("Key")).Fit(data);
        string path = Path.GetTempFileName();
        try
        {
            context.Model.Save(model, data.Schema, path);
            var fresh = new MLContext();
            var loaded = fresh.Model.Load(path, out _);
            Assert.Equal(Scores(model, data), Scores(loaded, data));
            using var engine = fresh.Model.CreatePredictionEngine<Row, Scored>(loaded);
            float[] expected = Scores(model, data);
            for (int i = 0; i < 5; i++)
                Assert.Equal(expected[i], engine.Predict(rows[i]).Score);
            Assert.Equal(1, engine.Predict(new() { Features = [1], Group = "never" }).UnseenGroups);
            var last = Assert.IsType<ProbabilisticTransformer<HierarchicalModel>>(((TransformerChain<ITransformer>)loaded).Last());
            Assert.Equal(["Key"], last.Roles.Groups);
            Assert.Equal(model.LastTransformer.Roles, last.Roles);
            var other = fresh.Transforms.Conversion.MapValueToKey("Key", "Group")    // other rows first: other keys
                .Fit(fresh.Data.LoadFromEnumerable(rows.AsEnumerable().Reverse()));
            Assert.Equal(expected, Scores(last, other.Transform(data)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Columns_that_hold_no_groups_are_refused()
    {
        var data = context.Data.LoadFromEnumerable(Rows());
        var missing = Assert.Throws<ArgumentOutOfRangeException>(() => Trainer("Nowhere").Fit(data));
        Assert.Contains("group column 'Nowhere'", missing.Message, StringComparison.Ordinal);
        var wrong = Assert.Throws<ArgumentOutOfRangeException>(() => Trainer("Label").Fit(data));
        Assert.Contains("text, key, Boolean or integers", wrong.Message, StringComparison.Ordinal);
    }

    private ProbabilisticTrainer<HierarchicalModel> Trainer(string group) => context.Regression.Trainers.Hierarchical(
        new HierarchicalOptions { Effects = [new GroupEffect(group, "Features[0]")] });

    private float[] Scores(ITransformer model, IDataView data) =>
        [.. context.Data.CreateEnumerable<Scored>(model.Transform(data), reuseRowObject: false).Select(row => row.Score)];

    private static List<Row> Rows()
    {
        var random = new Random(2);
        var rows = new List<Row>();
        for (int i = 0; i < 240; i++)
        {
            int g = i % 12;
            float x = (float)random.NextDouble();
            rows.Add(new()
            {
                Features = [x],
                Group = $"g{g}",
                Number = 100 - g,
                Label = (float)(1 + 2 * x + (g % 5 - 2) + 0.5 * (g % 3 - 1) * x + 0.3 * (random.NextDouble() + random.NextDouble() - 1)),
            });
        }
        return rows;
    }

    private sealed class Row
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [];

        public string Group { get; set; } = "";

        public int Number { get; set; }

        public float Label { get; set; }
    }

    private sealed class Scored
    {
        public float Score { get; set; }

        public float EpistemicStandardDeviation { get; set; }

        public float UnseenGroups { get; set; }
    }
}
