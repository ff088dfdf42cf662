using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Examples;
using ProbML.Laws;

namespace ProbML.Interop;

/// <summary>What becomes of a key's values: names of classes, annotations, and labels that are scored.</summary>
public sealed class MulticlassTests
{
    private readonly MLContext context = new(1);
    private readonly List<LawRow> rows = LawData.Rows(ExampleComponents.NaiveBayes);

    [Fact]
    public void Texts_go_in_and_texts_come_out()
    {
        var data = context.View(rows);
        var pipeline = context.Transforms.Conversion.MapValueToKey("Key", "Category")
            .Append(Trainer("Key"))
            .Append(context.Transforms.Conversion.MapKeyToValue("Answer", ColumnNames.PredictedLabel));
        var model = pipeline.Fit(data);
        var answers = model.Transform(data).GetColumn<string>("Answer").ToList();
        Assert.Subset(new HashSet<string> { "a", "b", "c" }, answers.ToHashSet());
        var engine = context.Model.CreatePredictionEngine<LawRow, Answered>(model);
        Assert.Equal(answers[..20], rows[..20].Select(row => engine.Predict(row).Answer));
    }

    [Theory]
    [InlineData(DataKind.Single)]
    [InlineData(DataKind.Double)]
    [InlineData(DataKind.SByte)]
    [InlineData(DataKind.Byte)]
    [InlineData(DataKind.Int16)]
    [InlineData(DataKind.UInt16)]
    [InlineData(DataKind.Int32)]
    [InlineData(DataKind.UInt32)]
    [InlineData(DataKind.Int64)]
    [InlineData(DataKind.UInt64)]
    [InlineData(DataKind.Boolean)]
    [InlineData(DataKind.String)]
    public void Values_of_every_type_are_restored(DataKind kind)
    {
        string source = kind == DataKind.Boolean ? "Class" : "Id";
        var data = context.View(rows.Select(row => row.With(copy => copy.Id = (int)row.Level * 7 + 1)));
        var keyed = context.Transforms.Conversion.ConvertType("Text", source, DataKind.String)
            .Append(context.Transforms.Conversion.ConvertType("Key", "Text", kind))
            .Append(context.Transforms.Conversion.MapValueToKey("Key")).Fit(data).Transform(data);
        var model = Trainer("Key").Fit(keyed);
        var loaded = Loaded(model, keyed.Schema);
        var expected = Values(keyed.Schema["Key"], "KeyValues");
        foreach (var scored in new[] { model.Transform(keyed), loaded.Transform(keyed) })
        {
            Assert.Equivalent(expected, Values(scored.Schema["PredictedLabel"], "KeyValues"));
            Assert.Equivalent(expected, Values(scored.Schema["Score"], "TrainingLabelValues"));
            Assert.Equal(model.ClassNames, Values(scored.Schema["Score"], "SlotNames").Texts);
            Assert.Equal(model.ClassNames, Values(scored.Schema["LogJoint"], "SlotNames").Texts);
            context.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel").Fit(scored).Transform(scored);
        }
        AssertPromiseIsKept(Trainer("Key"), keyed, model);
    }

    [Fact]
    public void Fractions_come_back_to_the_last_bit()
    {
        var data = context.View(rows.Select(row => row.With(copy => copy.Numbers = Math.Pow(row.Level + 1, -2.5) / 3)));
        var keyed = context.Transforms.Conversion.MapValueToKey("Key", "Numbers").Fit(data).Transform(data);
        var loaded = Loaded(Trainer("Key").Fit(keyed), keyed.Schema);
        VBuffer<double> expected = default, found = default;
        keyed.Schema["Key"].GetKeyValues(ref expected);
        loaded.GetOutputSchema(keyed.Schema)["PredictedLabel"].GetKeyValues(ref found);
        Assert.Equal(expected.DenseValues(), found.DenseValues());
    }

    [Fact]
    public void Values_of_other_types_become_texts()
    {
        var days = rows.Select(row => new Dated { Features = row.Features, Day = new(2026, 11, (int)row.Level + 1) });
        var data = context.Data.LoadFromEnumerable(days);
        var keyed = context.Transforms.Conversion.MapValueToKey("Key", "Day").Fit(data).Transform(data);
        var model = Trainer("Key").Fit(keyed);
        Assert.All(model.ClassNames, name =>
            Assert.Equal(2026, DateTime.Parse(name, CultureInfo.InvariantCulture).Year));
        var values = Values(model.GetOutputSchema(keyed.Schema)["PredictedLabel"], "KeyValues");
        Assert.Equal("Vector<String, 3>", values.Type);
        Assert.Equal(model.ClassNames, values.Texts);
        AssertPromiseIsKept(Trainer("Key"), keyed, model);
    }

    [Fact]
    public void A_key_without_values_is_numbered()
    {
        var data = context.Data.LoadFromEnumerable(
            rows.Select(row => new Numbered { Features = row.Features, Label = row.Level }));
        var model = Trainer("Label").Fit(data);
        Assert.Equal(["1", "2", "3"], model.ClassNames);
        var schema = Loaded(model, data.Schema).GetOutputSchema(data.Schema);
        Assert.Null(schema["PredictedLabel"].Annotations.Schema.GetColumnOrNull("KeyValues"));
        Assert.Null(schema["Score"].Annotations.Schema.GetColumnOrNull("SlotNames"));
        Assert.True(context.MulticlassClassification.Evaluate(model.Transform(data)).LogLossReduction > 0);
        AssertPromiseIsKept(Trainer("Label"), data, model);
    }

    [Fact]
    public void A_key_of_unknown_count_or_of_one_value_is_refused()
    {
        AssertRefused<Open>();
        AssertRefused<OpenByte>();
        AssertRefused<One>();
    }

    /// <summary>As many annotations, of the same types, as the scores of ML.NET's own trainer have.</summary>
    [Fact]
    public void Its_columns_are_annotated_as_those_of_a_trainer_of_ML_NET()
    {
        var data = context.View(rows);
        var theirs = context.MulticlassClassification.Trainers.SdcaMaximumEntropy("Level");
        var ours = Trainer("Level");
        var left = theirs.Fit(data).GetOutputSchema(data.Schema);
        var right = ours.Fit(data).GetOutputSchema(data.Schema);
        foreach (string name in new[] { "Score", "PredictedLabel" })
        {
            Assert.Equal(left[name].Type, right[name].Type);
            foreach (var annotation in left[name].Annotations.Schema)
                Assert.Equal(annotation.Type, right[name].Annotations.Schema[annotation.Name].Type);
        }
        var shape = ShapeOf(data);
        var (promised, given) = (theirs.GetOutputSchema(shape), ours.GetOutputSchema(shape));
        foreach (string name in new[] { "Score", "PredictedLabel" })
        {
            var (one, other) = (promised.Single(c => c.Name == name), given.Single(c => c.Name == name));
            Assert.Equal((one.Kind, one.ItemType, one.IsKey), (other.Kind, other.ItemType, other.IsKey));
            foreach (var annotation in one.Annotations)
                Assert.Contains(other.Annotations, found =>
                    (found.Name, found.Kind, found.ItemType, found.IsKey)
                    == (annotation.Name, annotation.Kind, annotation.ItemType, annotation.IsKey));
        }
    }

    [Fact]
    public void A_label_that_says_nothing_of_the_classes_has_no_density()
    {
        var data = context.View(rows);
        var model = Trainer("Level").Fit(data);
        var texts = context.Transforms.CopyColumns("Level", "Category").Fit(data).Transform(data);
        Assert.All(Density(model, texts), density => Assert.True(float.IsNaN(density)));
        var others = context.Transforms.Conversion.MapValueToKey("Level", "Category").Fit(data).Transform(data);
        Assert.All(Density(model, others), density => Assert.True(float.IsNaN(density)));
        var numbered = context.Data.LoadFromEnumerable(
            rows.Select(row => new Numbered { Features = row.Features, Label = row.Level, Level = row.Level }));
        Assert.Equal(Density(model, data), Density(model, numbered));
    }

    [Fact]
    public void A_label_of_more_classes_has_a_density_where_the_class_is_known()
    {
        string[] names = ["none", "high", "low"];
        var data = context.View(rows);
        var model = Trainer("Level").Fit(data);
        var other = context.Data.LoadFromEnumerable(
            rows.Select(row => new Texted { Features = row.Features, Text = names[row.Id % 3] }));
        var keyed = context.Transforms.Conversion.MapValueToKey("Level", "Text").Fit(other).Transform(other);
        var (found, scores) = (Density(model, keyed), Scores.Read(model.Transform(data)).Slots("Score"));
        for (int i = 0; i < rows.Count; i++)
            Assert.Equal(
                i % 3 == 0 ? double.NaN : Math.Log(scores[i][i % 3 == 1 ? 2 : 0]), found[i], 1e-4);
    }

    [Fact]
    public void Classes_need_a_fitter_that_waits_for_them()
    {
        const PredictionTask Classes = PredictionTask.MulticlassClassification;
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => ProbabilisticTrainer.Create(context, new SpyFitter((_, _) => { }), Classes, new("Level")));
        Assert.Contains("IClassFitter", error.Message, StringComparison.Ordinal);
        var scoreless = Assert.Throws<ArgumentException>(
            () => ProbabilisticTrainer.Create(context, new Fickle(_ => [new("Score", 3)]), new("Level")));
        Assert.Contains("must give a column 'Score'", scoreless.Message, StringComparison.Ordinal);
        var trainer = ProbabilisticTrainer.Create(
            context, new Fickle(count => [new("Score", count), new("LogDensity")]), new("Level"));
        var broken = Assert.Throws<InvalidOperationException>(() => trainer.Fit(context.View(rows)));
        Assert.Contains("does not give the columns", broken.Message, StringComparison.Ordinal);
    }

    /// <summary>What 1.1 wrote of other tasks is what 1.2 writes, but for the header; classes ask for 1.2.</summary>
    [Fact]
    public void Files_of_the_first_version_still_load()
    {
        var data = context.View(rows);
        var ridge = ExampleComponents.Ridge.Create(context, new(new("Number"))).Fit(data);
        var saved = SavingLaws.Save(context, ridge, data.Schema);
        Assert.Equal((0x00010002u, 0x00010001u), SavedModel.Versions(saved));
        byte[] older = SavedModel.Change(saved, entry => SavedModel.SetVersions(entry, 0x00010001, 0x00010001));
        var loaded = new MLContext().Model.Load(new MemoryStream(older), out _);
        Scores.Read(ridge.Transform(data)).AssertEqual(Scores.Read(loaded.Transform(data)));
        var classes = SavingLaws.Save(context, Trainer("Level").Fit(data), data.Schema);
        Assert.Equal((0x00010002u, 0x00010002u), SavedModel.Versions(classes));
    }

    [Fact]
    public void A_prediction_of_classes_allocates_nothing()
    {
        var model = Trainer("Level").Fit(context.View(rows));
        var engine = context.Model.CreatePredictionEngine<FeatureRow, Prediction>(model);
        var row = new FeatureRow { Features = rows[0].Features };
        var prediction = new Prediction();
        engine.Predict(row, ref prediction);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            engine.Predict(row, ref prediction);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private ProbabilisticTrainer<NaiveBayesModel> Trainer(string label) =>
        ProbabilisticTrainer.Create(context, new NaiveBayes(), new(label));

    private static ITransformer Loaded(ProbabilisticTransformer<NaiveBayesModel> model, DataViewSchema schema) =>
        new MLContext().Model.Load(new MemoryStream(SavingLaws.Save(new MLContext(), model, schema)), out _);

    private static IReadOnlyList<float> Density(ProbabilisticTransformer<NaiveBayesModel> model, IDataView data) =>
        Scores.Read(model.Transform(data))[ColumnNames.LogDensity];

    private static Annotation Values(DataViewSchema.Column column, string kind)
    {
        var type = column.Annotations.Schema[kind].Type;
        var read = typeof(MulticlassTests).GetMethod(
            nameof(Texts), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!;
        var item = ((VectorDataViewType)type).ItemType.RawType;
        return new(type.ToString()!, (string[])read.MakeGenericMethod(item).Invoke(null, [column, kind])!);
    }

    private static string[] Texts<T>(DataViewSchema.Column column, string kind)
    {
        VBuffer<T> values = default;
        column.Annotations.GetValue(kind, ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)!)];
    }

    /// <summary>A chain checks promised shapes before it fits; here the fitted schema, turned into one.</summary>
    private static void AssertPromiseIsKept(
        ProbabilisticTrainer<NaiveBayesModel> trainer,
        IDataView data,
        ProbabilisticTransformer<NaiveBayesModel> model)
    {
        var promised = trainer.GetOutputSchema(ShapeOf(data)).OrderBy(column => column.Name).ToList();
        var kept = ShapeOf(model.Transform(data)).OrderBy(column => column.Name).ToList();
        Assert.Equal(promised.Select(Describe), kept.Select(Describe));
        string Describe(SchemaShape.Column column) =>
            $"{column.Name} {column.Kind} {column.ItemType} {column.IsKey} "
            + string.Join(", ", column.Annotations.OrderBy(one => one.Name).Select(Describe));
    }

    private static SchemaShape ShapeOf(IDataView data)
    {
        var probe = new Probe();
        new EstimatorChain<ITransformer>().Append(probe).Fit(data);
        return probe.Seen!;
    }

    private void AssertRefused<T>()
        where T : class, new()
    {
        var data = context.Data.LoadFromEnumerable<T>([new()]);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Trainer("Label").Fit(data));
        Assert.Contains("a Key of two values or more, their number known", error.Message, StringComparison.Ordinal);
    }

    private sealed class Probe : IEstimator<ITransformer>
    {
        public SchemaShape? Seen { get; private set; }

        public ITransformer Fit(IDataView input) => new EstimatorChain<ITransformer>().Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Seen = inputSchema;
    }

    private sealed record Fickle(Func<int, IReadOnlyList<OutputColumn>> Columns) : IClassFitter<NaiveBayesModel>
    {
        public IReadOnlyList<OutputColumn> OutputsFor(int classCount) => Columns(classCount);

        public IFitter<NaiveBayesModel> FitterFor(IReadOnlyList<string> classNames) =>
            new NaiveBayes().FitterFor(classNames);
    }

    private sealed record Annotation(string Type, string[] Texts);

    private sealed class Answered
    {
        public string Answer { get; set; } = "";
    }

    private sealed class Prediction
    {
        public VBuffer<float> Score { get; set; }

        public uint PredictedLabel { get; set; }
    }

    private sealed class Dated
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public DateTime Day { get; set; }
    }

    private sealed class Texted
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public string Text { get; set; } = "";
    }

    private sealed class Numbered
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }

        [KeyType(3)]
        public uint Level { get; set; }
    }

    private sealed class Open
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [1, 2, 3, 4];

        [KeyType(uint.MaxValue)]
        public uint Label { get; set; } = 1;
    }

    private sealed class OpenByte
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [1, 2, 3, 4];

        [KeyType(byte.MaxValue)]
        public byte Label { get; set; } = 1;
    }

    private sealed class One
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [1, 2, 3, 4];

        [KeyType(1)]
        public uint Label { get; set; } = 1;
    }
}
