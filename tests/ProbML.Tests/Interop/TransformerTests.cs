using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Examples;
using ProbML.Laws;

namespace ProbML.Interop;

/// <summary>What scoring reads, allocates and lets go.</summary>
public sealed class TransformerTests
{
    private readonly MLContext context = new(1);
    private readonly List<LawRow> rows = LawData.Rows(ExampleComponents.Ridge);

    [Fact]
    public void Blocks_grow_to_the_size_the_model_asks_for()
    {
        var transformer = Fit(ExampleComponents.BlockRidge);
        var model = ((ProbabilisticTransformer<BlockRidgeModel>)transformer).Model;
        Scores.ReadRowByRow(transformer, context.View(rows));
        Assert.Equal(1, model.LargestBlock);
        Scores.Read(transformer.Transform(context.View(rows[..9])));
        Assert.Equal(8, model.LargestBlock);
        Scores.Read(transformer.Transform(context.View(rows)));
        Assert.Equal(100, model.LargestBlock);
    }

    [Fact]
    public void Looking_ahead_reads_no_more_than_it_must()
    {
        int pulled = 0;
        var lazy = context.View(rows.Select(row =>
        {
            pulled++;
            return row;
        }));
        var scored = Fit(ExampleComponents.BlockRidge).Transform(lazy);
        using (var cursor = scored.GetRowCursor([scored.Schema["Score"]]))
            Assert.True(cursor.MoveNext());
        Assert.Equal(1, pulled);
    }

    [Fact]
    public void A_prediction_allocates_nothing()
    {
        foreach (var component in new[] { ExampleComponents.Ridge, ExampleComponents.BlockRidge })
        {
            var engine = context.Model.CreatePredictionEngine<FeatureRow, Prediction>(Fit(component));
            var row = new FeatureRow { Features = rows[0].Features };
            var prediction = new Prediction();
            engine.Predict(row, ref prediction);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
                engine.Predict(row, ref prediction);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void The_label_is_read_only_for_its_density()
    {
        var model = Fit(ExampleComponents.Ridge);
        var data = context.View(rows);
        var mapper = model.GetRowToRowMapper(data.Schema);
        Assert.Equal(["Features"], Needs("Score"));
        Assert.Equal(["Features", "Number"], Needs("LogDensity"));
        Assert.Empty(mapper.GetDependencies([]));
        IEnumerable<string> Needs(string name) =>
            mapper.GetDependencies([mapper.OutputSchema[name]]).Select(column => column.Name).Order();

        var scores = Scores.Read(model.Transform(data));
        for (int i = 0; i < rows.Count; i++)
        {
            double s = scores["ScoreStandardDeviation"][i], z = (rows[i].Number - scores["Score"][i]) / s;
            Assert.Equal(-0.5 * z * z - Math.Log(s * Math.Sqrt(2 * Math.PI)), scores["LogDensity"][i], 1e-4);
        }
        var text = context.Transforms.CopyColumns("Number", "Category").Fit(data).Transform(data);
        Assert.All(Scores.Read(model.Transform(text))["LogDensity"], density => Assert.True(float.IsNaN(density)));
    }

    [Fact]
    public void Weights_are_not_read_when_scoring()
    {
        var roles = new ColumnRoles("Number", Weight: "Weight");
        var model = ExampleComponents.Ridge.Create(context, new(roles)).Fit(context.View(rows));
        var heavy = rows.Select(row => row.With(copy => copy.Weight = 9));
        Scores.Read(model.Transform(context.View(rows))).AssertEqual(Scores.Read(model.Transform(context.View(heavy))));
    }

    [Fact]
    public void An_offset_of_another_type_is_refused_and_a_bad_exposure_scores_nothing()
    {
        var roles = new ColumnRoles("Number", Offset: "Offset", Exposure: "Exposure");
        var model = ExampleComponents.Ridge.Create(context, new(roles)).Fit(context.View(rows));
        var data = context.View(rows);
        var text = context.Transforms.CopyColumns("Offset", "Category").Fit(data).Transform(data);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Transform(text));
        var bad = rows.Select(row => row.With(copy => copy.Exposure = row.Id % 2 == 0 ? 0 : 1));
        Assert.Equal(
            rows.Select(row => row.Id % 2 == 0),
            Scores.Read(model.Transform(context.View(bad)))["Score"].Select(float.IsNaN));
    }

    [Fact]
    public void Every_kind_of_column_is_held_back_and_handed_on()
    {
        var data = context.View(rows);
        var scored = Fit(ExampleComponents.BlockRidge).Transform(data);
        Assert.Equal(rows.Select(row => row.Category), scored.GetColumn<string>("Category"));
        Assert.Equal(rows.Select(row => row.Class), scored.GetColumn<bool>("Class"));
        Assert.Equal(rows.Select(row => row.Doubles), scored.GetColumn<double[]>("Doubles"));
        var sparse = scored.GetColumn<VBuffer<float>>("Sparse").Select(buffer => buffer.DenseValues().ToArray());
        Assert.Equal(rows.Select(row => row.Features), sparse);
        var both = context.Data.CreateEnumerable<Both>(scored, reuseRowObject: true)
            .Select(row => (row.Id, row.Sparse.IsDense));
        Assert.Equal(rows.Select(row => (row.Id, row.Sparse.IsDense)), both);
    }

    [Fact]
    public void Disposing_of_the_chain_disposes_of_the_model()
    {
        var data = context.View(rows);
        var chain = context.Transforms.CopyColumns("Copy", "A")
            .Append(ExampleComponents.Trainer(
                context, new(new("Number")), LinearGaussian.Outputs, (gaussian, _) => new BlockRidgeModel(gaussian)))
            .Fit(data);
        var model = chain.LastTransformer.Model;
        chain.Dispose();
        Assert.True(model.IsDisposed);
    }

    [Fact]
    public void Another_model_of_the_same_columns_can_take_its_place()
    {
        var transformer = (ProbabilisticTransformer<RidgeModel>)Fit(ExampleComponents.Ridge);
        var constant = new RidgeModel(new LinearGaussian([0, 0, 0, 0, 7], 1), transformer.Model.FeatureNames);
        var scores = Scores.Read(transformer.WithModel(constant).Transform(context.View(rows)));
        Assert.All(scores["Score"], score => Assert.Equal(7, score));
        var shorter = new RidgeModel(new LinearGaussian([0, 7], 1), ["A"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => transformer.WithModel(shorter));
    }

    [Fact]
    public void The_feature_column_is_the_one_it_was_fitted_to()
    {
        var model = (ISingleFeaturePredictionTransformer<RidgeModel>)ExampleComponents.Ridge
            .Create(context, new(new("Number", "Doubles"))).Fit(context.View(rows));
        Assert.Equal("Doubles", model.FeatureColumnName);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Double, 4), model.FeatureColumnType);
        var saved = new MemoryStream();
        context.Model.Save(model, context.View(rows).Schema, saved);
        saved.Position = 0;
        var loaded = (ISingleFeaturePredictionTransformer<RidgeModel>)new MLContext().Model.Load(saved, out _);
        Assert.Equal(model.FeatureColumnType, loaded.FeatureColumnType);
        Assert.Equal(model.Model.FeatureNames, loaded.Model.FeatureNames);
    }

    private ITransformer Fit(Component component) =>
        component.Create(context, new(component.Roles)).Fit(context.View(rows));

    private sealed class Prediction
    {
        public float Score { get; set; }

        public float ScoreStandardDeviation { get; set; }
    }

    private sealed class Both
    {
        public int Id { get; set; }

        public VBuffer<float> Sparse { get; set; }

        public float Score { get; set; }
    }
}
