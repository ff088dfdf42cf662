using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Examples;
using ProbML.Laws;

namespace ProbML.Evaluation;

public sealed class ConformalTests
{
    private readonly MLContext context = new(1);

    [Theory]
    [InlineData(IntervalMethod.AbsoluteError)]
    [InlineData(IntervalMethod.ScaledError)]
    [InlineData(IntervalMethod.IntervalDistance)]
    public void Intervals_hold_what_they_promise_though_the_model_is_wrong(IntervalMethod method)
    {
        // A straight line with constant noise, fitted to a bent one with growing noise.
        var (train, test) = (Numbers(2000, 1), Numbers(4000, 2));
        var inner = context.Regression.Trainers.LinearRegression("Label");
        var model = context.Regression.Conformal(inner, method: method).Fit(context.Data.LoadFromEnumerable(train));
        Assert.InRange(Coverage(model, test), 0.87, 0.93);
        var last = Assert.IsType<ConformalTransformer>(model.LastTransformer);
        Assert.Equal(0.9, last.Calibration.Level);
        Assert.InRange(last.Calibration.Rows, 400, 600);
    }

    [Fact]
    public void Each_group_gets_the_guarantee_for_itself()
    {
        var (train, test) = (Numbers(4000, 1), Numbers(8000, 2));
        var options = new ConformalOptions { GroupColumnName = "Group" };
        var pooled = context.Regression.Conformal(context.Regression.Trainers.FastTree())
            .Fit(context.Data.LoadFromEnumerable(train));
        var grouped = context.Regression.Conformal(context.Regression.Trainers.FastTree(), options: options)
            .Fit(context.Data.LoadFromEnumerable(train));
        foreach (string group in new[] { "calm", "wild" })
        {
            var some = test.Where(row => row.Group == group).ToList();
            Assert.InRange(Coverage(grouped, some), 0.86, 0.94);
            Assert.NotInRange(Coverage(pooled, some), 0.86, 0.94);
        }
        var last = (ConformalTransformer)grouped.LastTransformer;
        Assert.True(last.Calibration.Groups["wild"] > last.Calibration.Groups["calm"]);
        var stranger = test[0];
        stranger.Group = "stranger";
        Assert.True(Bounds(grouped, [stranger])[0] is var (low, high)
            && Math.Abs((high - low) / 2 - last.Calibration.Quantile) < 1e-3);
    }

    [Theory]
    [InlineData(ClassSetMethod.LeastAmbiguous)]
    [InlineData(ClassSetMethod.Adaptive)]
    public void Sets_hold_the_class_they_promise(ClassSetMethod method)
    {
        var train = context.View(LawData.Rows(ExampleComponents.NaiveBayes, count: 2000));
        var test = context.View(LawData.Rows(ExampleComponents.NaiveBayes, count: 3000, seed: 8));
        var model = context.MulticlassClassification.Conformal(
            context.MulticlassClassification.Trainers.MultinomialRegression("Level"), "Level", method).Fit(train);
        var scored = model.Transform(test);
        var sets = scored.GetColumn<bool[]>("PredictionSet").ToList();
        var keys = scored.GetColumn<uint>("Level").ToList();
        double covered = sets.Zip(keys, (set, key) => set[(int)key - 1] ? 1.0 : 0).Average();
        Assert.InRange(covered, 0.87, method == ClassSetMethod.Adaptive ? 1 : 0.93);
        Assert.Equal(sets.Select(set => (float)set.Count(one => one)), scored.GetColumn<float>("PredictionSetSize"));
        if (method == ClassSetMethod.Adaptive)
            Assert.All(sets, set => Assert.Contains(true, set));
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["PredictionSet"].GetSlotNames(ref names);
        Assert.Equal(LawData.Levels, names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Binary_sets_are_of_false_and_true()
    {
        var train = context.View(LawData.Rows(ExampleComponents.Classifier, count: 2000));
        var test = context.View(LawData.Rows(ExampleComponents.Classifier, count: 3000, seed: 8));
        var model = context.BinaryClassification.Conformal(
            context.BinaryClassification.Trainers.FastTree("Class"), "Class").Fit(train);
        var scored = model.Transform(test);
        double covered = scored.GetColumn<bool[]>("PredictionSet")
            .Zip(scored.GetColumn<bool>("Class"), (set, isTrue) => set[isTrue ? 1 : 0] ? 1.0 : 0).Average();
        Assert.InRange(covered, 0.87, 0.93);
    }

    [Fact]
    public void Saved_and_loaded_it_predicts_the_same()
    {
        var rows = Numbers(600, 1);
        var data = context.Data.LoadFromEnumerable(rows);
        var options = new ConformalOptions { GroupColumnName = "Group", Level = 0.8 };
        var pipeline = context.Regression.Conformal(context.Regression.Trainers.FastTree(), options: options);
        var model = pipeline.Fit(data);
        var loaded = new MLContext().Model.Load(new MemoryStream(SavingLaws.Save(context, model, data.Schema)), out _);
        Assert.Equal(Bounds(model, rows), Bounds(loaded, rows));
        var engine = context.Model.CreatePredictionEngine<NumberRow, Bound>(loaded);
        var (lower, upper) = Bounds(model, rows)[3];
        var one = engine.Predict(rows[3]);
        Assert.Equal((lower, upper), (one.LowerBound, one.UpperBound));
        // A chain asks each step for its columns before it fits them.
        var chained = pipeline.Append(context.Transforms.CopyColumns("Kept", "UpperBound")).Fit(data).Transform(data);
        Assert.Equal(chained.GetColumn<float>("UpperBound"), chained.GetColumn<float>("Kept"));
    }

    [Fact]
    public void Too_few_rows_promise_nothing_and_say_so()
    {
        var warnings = new List<string>();
        context.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage);
        };
        var rows = Numbers(20, 1);
        var model = context.Regression.Conformal(
            context.Regression.Trainers.LinearRegression("Label"), options: new() { Level = 0.99 })
            .Fit(context.Data.LoadFromEnumerable(rows));
        Assert.Equal((float.NegativeInfinity, float.PositiveInfinity), Bounds(model, rows)[0]);
        Assert.Contains(warnings, text => text.Contains("too few to promise", StringComparison.Ordinal)
            && text.Contains("99 are needed", StringComparison.Ordinal));
    }

    [Fact]
    public void Bad_options_and_columns_are_named()
    {
        var inner = context.Regression.Trainers.FastTree();
        var data = context.Data.LoadFromEnumerable(Numbers(100, 1));
        void AssertRefused(Action act, string text) =>
            Assert.Contains(text, Assert.Throws<ArgumentOutOfRangeException>(act).Message, StringComparison.Ordinal);
        AssertRefused(() => context.Regression.Conformal(inner, options: new() { Level = 1 }), "Level");
        AssertRefused(() => context.Regression.Conformal(inner, options: new() { CalibrationFraction = 0 }), "Fraction");
        AssertRefused(() => context.Regression.Conformal(inner, method: (IntervalMethod)9), "No such method");
        AssertRefused(() => context.Regression.Conformal(inner, method: IntervalMethod.ScaledError).Fit(data),
            "'ScoreStandardDeviation'");
        AssertRefused(() => context.Regression.Conformal(inner, options: new() { GroupColumnName = "None" }).Fit(data), "'None'");
        AssertRefused(() => context.Regression.Conformal(inner, options: new() { GroupColumnName = "Label" }).Fit(data), "'Label'");
        Assert.Throws<ArgumentNullException>(() => context.Regression.Conformal(null!));
    }

    private double Coverage(ITransformer model, List<NumberRow> rows) =>
        Bounds(model, rows).Zip(rows, (bound, row) => row.Label >= bound.Lower && row.Label <= bound.Upper ? 1.0 : 0)
            .Average();

    private List<(float Lower, float Upper)> Bounds(ITransformer model, List<NumberRow> rows)
    {
        var scored = model.Transform(context.Data.LoadFromEnumerable(rows));
        return [.. scored.GetColumn<float>("LowerBound").Zip(scored.GetColumn<float>("UpperBound"))];
    }

    private static List<NumberRow> Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            double x = 4 * random.NextDouble() - 2;
            bool isWild = random.Next(2) == 1;
            double noise = NormalDistribution.Quantile(1 - random.NextDouble()) * (isWild ? 1.5 : 0.4) * (1 + Math.Abs(x) / 4);
            return new NumberRow
            {
                Label = (float)(x * x + x + noise), Features = [(float)x], Group = isWild ? "wild" : "calm",
            };
        })];
    }

    private sealed class NumberRow
    {
        public float Label { get; set; }

        [VectorType(1)]
        public float[] Features { get; set; } = [];

        public string Group { get; set; } = "";
    }

    private sealed class Bound
    {
        public float LowerBound { get; set; }

        public float UpperBound { get; set; }
    }
}
