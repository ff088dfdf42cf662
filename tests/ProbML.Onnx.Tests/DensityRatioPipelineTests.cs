using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Laws;

namespace ProbML.Onnx.Tests;

/// <summary>The ratio over every kind of classifier: saved, loaded, served row by row and written as ONNX.</summary>
public sealed class DensityRatioPipelineTests
{
    private readonly MLContext context = new(1);

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }

        public float Probability { get; set; } = 0.25f;       // of something else: the classifier's must not take its place
    }

    private sealed class Ratio
    {
        public float LogRatio { get; set; }

        public float DensityRatio { get; set; }

        public float Weight { get; set; }
    }

    [Theory]
    [InlineData("FastTree"), InlineData("LightGbm"), InlineData("FastForest with Platt"), InlineData("SDCA"), InlineData("L-BFGS")]
    [InlineData("Gam"), InlineData("ours"), InlineData("ours, log odds"), InlineData("normalised"), InlineData("Gaussian process")]
    public void Any_calibrated_classifier_saves_loads_serves_and_is_written(string name)
    {
        var data = View(Rows(300, 1));
        var model = context.Transforms.DensityRatio(
            Classifier(name), options: new() { Folds = 2, LogOddsColumnName = name == "ours, log odds" ? "Score" : null }).Fit(data);
        var rows = Rows(60, 2);
        var fresh = View(rows);
        var found = Read(model.Transform(fresh));
        Assert.All(found, row => Assert.Equal(Math.Exp(row.LogRatio), row.DensityRatio, 1e-4 * Math.Max(1, row.DensityRatio)));
        Assert.True(found.Select(row => row.LogRatio).Distinct().Count() > 5);

        using var memory = new MemoryStream();
        context.Model.Save(model, data.Schema, memory);
        memory.Position = 0;
        var loaded = new MLContext().Model.Load(memory, out var schema);
        Assert.Equal(found.Select(row => row.LogRatio), Read(loaded.Transform(fresh)).Select(row => row.LogRatio));
        var engine = context.Model.CreatePredictionEngine<Row, Ratio>(loaded);
        Assert.Equal(found[5].Weight, engine.Predict(rows[5]).Weight);

        if (name is "Gam")
        {
            var refused = Assert.Throws<NotSupportedException>(() => OnnxFile.Bytes(context, loaded, schema));
            Assert.Contains("DensityRatioTransformer", refused.Message, StringComparison.Ordinal);
            Assert.Contains("of its classifier the step BinaryPredictionTransformer", refused.Message, StringComparison.Ordinal);
            return;
        }
        byte[] bytes = OnnxFile.Bytes(context, loaded, schema);
        using var file = new OnnxFile(bytes);
        Assert.Equal(["Features"], file.Inputs);
        Assert.Equal(["DensityRatio", "LogRatio", "Weight"], file.Outputs.Order());
        Agreement.Assert(context, model, fresh, file, 2e-5);
        OnnxChecker.Check(bytes, infersTypes: name.StartsWith("ours", StringComparison.Ordinal));      // ML.NET's operators leave types open
    }

    [Fact]
    public void The_pipelines_own_columns_stay_what_they_were()
    {
        var data = View(Rows(200, 3));
        var model = context.Transforms.DensityRatio(Classifier("SDCA"))
            .Append(context.Transforms.CopyColumns("Kept", "Probability"))
            .Append(context.Transforms.Concatenate("Both", "Kept", "LogRatio")).Fit(data);
        using var file = OnnxFile.Export(context, model, data.Schema, new() { Outputs = ["Both"] });
        Assert.Equal(["Features", "Probability"], file.Inputs.Order());
        Agreement.Assert(context, model, View(Rows(20, 4)), file, 2e-5);
    }

    [Fact]
    public void A_row_with_a_gap_has_no_ratio_there_either()
    {
        var model = context.Transforms.DensityRatio(Classifier("FastTree"), options: new() { Folds = 0 }).Fit(View(Rows(200, 5)));
        var rows = Rows(4, 6);
        rows[1].Features[2] = float.NaN;
        rows[2].Features[0] = float.PositiveInfinity;
        using var file = new OnnxFile(OnnxFile.Bytes(context, model, View(rows).Schema));
        Agreement.Assert(context, model, View(rows), file, 2e-5);
        Assert.Equal([false, true, true, false], Read(model.Transform(View(rows))).Select(row => float.IsNaN(row.LogRatio)));
    }

    [Fact]
    public void A_classifier_without_probabilities_is_refused_before_it_is_fitted()
    {
        foreach (var trainer in new IEstimator<ITransformer>[]
        {
            context.BinaryClassification.Trainers.FastForest(numberOfTrees: 5),
            context.BinaryClassification.Trainers.LinearSvm(),
            context.BinaryClassification.Trainers.SdcaNonCalibrated(),
        })
        {
            var refused = Assert.Throws<InvalidOperationException>(
                () => context.Transforms.DensityRatio(trainer, options: new() { Folds = 2 }).Fit(View(Rows(50, 7), hasProbability: false)));
            Assert.Contains("gives no column 'Probability'", refused.Message, StringComparison.Ordinal);
            Assert.Contains("Calibrators.Platt", refused.Message, StringComparison.Ordinal);
        }
        // A column of that name among the rows is not the classifier's.
        Assert.Contains("gives no column", Assert.Throws<InvalidOperationException>(() => context.Transforms.DensityRatio(
            context.BinaryClassification.Trainers.FastForest(numberOfTrees: 5)).Fit(View(Rows(50, 8)))).Message, StringComparison.Ordinal);
    }

    private IEstimator<ITransformer> Classifier(string name)
    {
        var trainers = context.BinaryClassification.Trainers;
        return name switch
        {
            "FastTree" => trainers.FastTree(numberOfTrees: 10, minimumExampleCountPerLeaf: 5),
            "LightGbm" => trainers.LightGbm(numberOfIterations: 10, minimumExampleCountPerLeaf: 5),
            "FastForest with Platt" => trainers.FastForest(numberOfTrees: 10).Append(context.BinaryClassification.Calibrators.Platt()),
            "SDCA" => trainers.SdcaLogisticRegression(maximumNumberOfIterations: 5),
            "L-BFGS" => trainers.LbfgsLogisticRegression(),
            "Gam" => trainers.Gam(numberOfIterations: 10),
            "normalised" => context.Transforms.NormalizeMeanVariance("Features").Append(trainers.LbfgsLogisticRegression()),
            "Gaussian process" => trainers.GaussianProcess(),
            _ => trainers.LogisticRegression(),
        };
    }

    private IDataView View(List<Row> rows, bool hasProbability = true)
    {
        var view = context.Data.LoadFromEnumerable(rows);
        return hasProbability ? view : context.Transforms.DropColumns("Probability").Fit(view).Transform(view);
    }

    private List<Ratio> Read(IDataView scored) =>
        [.. context.Data.CreateEnumerable<Ratio>(scored, reuseRowObject: false, ignoreMissingColumns: true)];

    private static List<Row> Rows(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => new Row
        {
            Label = i % 2 == 0,
            Features = [.. Enumerable.Range(0, 3).Select(j =>
                (float)(NormalDistribution.Quantile(1 - random.NextDouble()) + (i % 2 == 0 && j < 2 ? 0.8 : 0)))],
        })];
    }
}
