using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Onnx.Tests;

/// <summary>Conformal bounds and sets of classes are written with the pipeline that they follow.</summary>
public sealed class ConformalPipelineTests
{
    private readonly MLContext context = new(1);
    private readonly IDataView data;

    public ConformalPipelineTests() => data = context.Data.LoadFromEnumerable(Holder.Sample());

    [Theory]
    [InlineData("FastTree", IntervalMethod.AbsoluteError)]
    [InlineData("LightGbm", IntervalMethod.AbsoluteError)]
    [InlineData("SDCA", IntervalMethod.AbsoluteError)]
    [InlineData("linear", IntervalMethod.ScaledError)]
    [InlineData("linear", IntervalMethod.IntervalDistance)]
    [InlineData("counts", IntervalMethod.IntervalDistance)]
    public void Intervals(string trainer, IntervalMethod method)
    {
        IEstimator<ITransformer> last = trainer switch
        {
            "FastTree" => context.Regression.Trainers.FastTree("Claims", numberOfTrees: 10),
            "LightGbm" => context.Regression.Trainers.LightGbm("Claims", numberOfIterations: 10),
            "SDCA" => context.Regression.Trainers.Sdca("Claims"),
            "linear" => context.Regression.Trainers.LinearRegression("Claims"),
            _ => context.Regression.Trainers.PoissonRegression("Claims"),
        };
        var model = context.Regression.Conformal(Features().Append(last), "Claims", method).Fit(data);
        byte[] bytes = Laws.OnnxFile.Bytes(context, model, data.Schema, new() { Outputs = ["Score", "LowerBound", "UpperBound"] });
        using var file = new Laws.OnnxFile(bytes);
        Assert.Equal(["Age", "District", "Years"], file.Inputs.Order());
        Agreement.Assert(context, model, Fresh(), file);
        OnnxChecker.Check(bytes, infersTypes: trainer is "linear" or "counts");
    }

    [Theory]
    [InlineData(ClassSetMethod.LeastAmbiguous)]
    [InlineData(ClassSetMethod.Adaptive)]
    public void Sets_of_classes(ClassSetMethod method)
    {
        var many = context.MulticlassClassification.Conformal(
            context.Transforms.Conversion.MapValueToKey("Label", "Kind").Append(Features())
                .Append(context.MulticlassClassification.Trainers.MultinomialRegression()),
            "Label",
            method);
        var two = context.BinaryClassification.Conformal(
            Features().Append(context.BinaryClassification.Trainers.LogisticRegression(nameof(Holder.HasClaim))), nameof(Holder.HasClaim), method);
        foreach (var estimator in (ConformalEstimator[])[many, two])
        {
            var model = estimator.Fit(data);
            using var file = Laws.OnnxFile.Export(context, model, data.Schema, new() { Outputs = ["PredictionSet", "PredictionSetSize"] });
            Agreement.Assert(context, model, Fresh(), file);
            if (method == ClassSetMethod.LeastAmbiguous)               // the others' likeliest class is always in
                Assert.True(file.Score(Fresh())["PredictionSetSize"].Select(row => row[0]).Distinct().Count() > 1);
        }
    }

    [Fact]
    public void Equal_probabilities_and_missing_ones_give_the_same_sets()
    {
        var rows = context.Data.LoadFromEnumerable(
            (Given[])[
                new() { Score = [0.5f, 0.25f, 0.25f], Label = 1 }, new() { Score = [0.4f, 0.4f, 0.2f], Label = 1 },
                new() { Score = [0, 0.5f, 0.5f], Label = 3 }, new() { Score = [1, 0, 0], Label = 1 },
                new() { Score = [float.NaN, float.NaN, float.NaN], Label = 1 }, .. Enumerable.Range(0, 60).Select(i => new Given
                {
                    Score = [0.2f + (i % 3 * 0.1f), 0.3f, 0.5f - (i % 3 * 0.1f)], Label = (uint)(i % 3) + 1,
                }),
            ],
            Given.Schema());
        foreach (var method in (ClassSetMethod[])[ClassSetMethod.LeastAmbiguous, ClassSetMethod.Adaptive])
        {
            var model = context.MulticlassClassification.Conformal(context.Transforms.CopyColumns("Copy", "Score"), "Label", method).Fit(rows);
            using var file = Laws.OnnxFile.Export(context, model, rows.Schema, new() { Outputs = ["PredictionSet", "PredictionSetSize"] });
            Agreement.Assert(context, model, rows, file);
        }
    }

    [Fact]
    public void Groups_are_refused()
    {
        var model = context.Regression.Conformal(
            Features().Append(context.Regression.Trainers.LinearRegression("Claims")), "Claims", options: new() { GroupColumnName = "Zone" }).Fit(data);
        var error = Assert.Throws<NotSupportedException>(
            () => Laws.OnnxFile.Bytes(context, model, data.Schema, new() { Outputs = ["LowerBound"] }));
        Assert.Contains("conformal prediction by groups of rows ('Zone') has no ONNX form", error.Message, StringComparison.Ordinal);
        using var scores = Laws.OnnxFile.Export(context, model, data.Schema, new() { Outputs = ["Score"] });
        Agreement.Assert(context, model, Fresh(), scores);
    }

    private IDataView Fresh() => context.Data.LoadFromEnumerable(Holder.Sample(50, seed: 9));

    private EstimatorChain<ColumnConcatenatingTransformer> Features() => context.Transforms.Categorical.OneHotEncoding("District")
        .Append(context.Transforms.Concatenate("Features", "District", "Age", "Years"));

    private sealed class Given
    {
        public float[] Score { get; set; } = [];

        public uint Label { get; set; }

        public static SchemaDefinition Schema()
        {
            var schema = SchemaDefinition.Create(typeof(Given));
            schema[nameof(Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
            schema[nameof(Label)].ColumnType = new KeyDataViewType(typeof(uint), 3);
            return schema;
        }
    }
}
