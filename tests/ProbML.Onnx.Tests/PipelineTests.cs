using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using ProbML.Laws;

namespace ProbML.Onnx.Tests;

public sealed class PipelineTests
{
    private readonly MLContext context = new(1);
    private readonly IDataView data;

    public PipelineTests() => data = context.Data.LoadFromEnumerable(Holder.Sample());

    [Fact]
    public void Steps_of_ML_NET_and_a_count_model_become_one_file()
    {
        var model = Claims().Fit(data);
        byte[] bytes = OnnxFile.Bytes(context, model, data.Schema);
        using var file = new OnnxFile(bytes);
        Assert.Equal(["Age", "District", "Income", "Years"], file.Inputs.Order());
        Assert.Equal(
            ["LowerBound", "Score", "ScoreStandardDeviation", "ScoreStandardError", "UpperBound"], file.Outputs.Order());
        Agreement.Assert(context, model, data, file);
        OnnxChecker.Check(bytes);
    }

    [Fact]
    public void A_loaded_pipeline_exports_the_same_bytes()
    {
        var model = Claims().Fit(data);
        using var memory = new MemoryStream();
        context.Model.Save(model, data.Schema, memory);
        memory.Position = 0;
        var loaded = new MLContext().Model.Load(memory, out var schema);
        Assert.Equal(OnnxFile.Bytes(context, model, data.Schema), OnnxFile.Bytes(context, loaded, schema));
    }

    [Fact]
    public void A_design_matrix_of_text_numbers_flags_and_keys_is_written()
    {
        var model = context.Transforms.Conversion.MapValueToKey("KindKey", "Kind")
            .Append(context.Transforms.DesignMatrix(
                "Features", DesignTerm.Numeric("Age"), DesignTerm.Categorical("District"), DesignTerm.Categorical("Zone"),
                DesignTerm.Categorical("IsUrban"), DesignTerm.Code("KindKey"), DesignTerm.Code("Kind")))
            .Append(context.Regression.Trainers.LinearRegression("Claims"))
            .Fit(data);
        using var file = OnnxFile.Export(
            context, model, data.Schema, new() { Outputs = ["Features", "Score", "LowerBound", "UpperBound"] });
        Assert.Equal(["Age", "District", "IsUrban", "Kind", "Zone"], file.Inputs.Order());
        Agreement.Assert(context, model, data, file);
        var odd = Holder.Sample(2);
        (odd[0].District, odd[1].Zone) = ("elsewhere", 77);
        Agreement.Assert(context, model, context.Data.LoadFromEnumerable(odd), file);
    }

    [Fact]
    public void Missing_numbers_marked_and_replaced_in_place_are_written()
    {
        var model = context.Transforms.IndicateMissingValues("Income (missing)", "Income")
            .Append(context.Transforms.ReplaceMissingValues("Income", replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean))
            .Append(context.Transforms.DesignMatrix(
                "Features", DesignTerm.Numeric("Income"), DesignTerm.Numeric("Income (missing)"), DesignTerm.Categorical("District")))
            .Append(context.Regression.Trainers.LinearRegression("Claims"))
            .Fit(data);
        using var file = OnnxFile.Export(context, model, data.Schema, new() { Outputs = ["Features", "Score", "LowerBound"] });
        Assert.Equal(["District", "Income"], file.Inputs.Order());
        Agreement.Assert(context, model, data, file);
    }

    [Fact]
    public void Classes_come_as_keys_with_their_names_beside_them()
    {
        var model = context.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(context.Transforms.Concatenate("Features", "Age", "Years"))
            .Append(context.MulticlassClassification.Trainers.MultinomialRegression())
            .Fit(data);
        byte[] bytes = OnnxFile.Bytes(context, model, data.Schema);
        using var file = new OnnxFile(bytes);
        Assert.Equal(["Age", "Years"], file.Inputs.Order());
        Agreement.Assert(context, model, data, file);
        var names = System.Text.Json.JsonSerializer.Deserialize<string[]>(file.Metadata["PredictedLabel.classes"]);
        Assert.Equal(["bad", "fair", "good"], names!.Order());
        OnnxChecker.Check(bytes);
    }

    [Fact]
    public void A_key_turned_back_into_text_is_written()
    {
        var model = context.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(context.Transforms.Concatenate("Features", "Age", "Years"))
            .Append(context.MulticlassClassification.Trainers.OrdinalRegression())
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedKind", "PredictedLabel"))
            .Fit(data);
        using var file = OnnxFile.Export(context, model, data.Schema, new() { Outputs = ["Score", "PredictedLabel"] });
        Agreement.Assert(context, model, data, file);
        byte[] text = OnnxFile.Bytes(context, model, data.Schema, new() { Outputs = ["PredictedKind"] });
        OnnxChecker.Check(text);
    }

    [Fact]
    public void Other_steps_and_trainers_of_ML_NET_are_written_too()
    {
        var steps = context.Transforms.ReplaceMissingValues("Income", replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean)
            .Append(context.Transforms.NormalizeMinMax("Age"))
            .Append(context.Transforms.CopyColumns("Time", "Years"))
            .Append(context.Transforms.Conversion.ConvertType("ZoneNumber", "Zone", DataKind.Single))
            .Append(context.Transforms.Concatenate("Features", "Income", "Age", "Time", "ZoneNumber"))
            .Append(context.Transforms.NormalizeMeanVariance("Features"));
        ITransformer[] models =
        [
            steps.Append(context.Regression.Trainers.Sdca("Claims")).Fit(data),
            steps.Append(context.BinaryClassification.Trainers.SdcaLogisticRegression("HasClaim")).Fit(data),
            steps.Append(context.BinaryClassification.Trainers.LogisticRegression("HasClaim")).Fit(data),
        ];
        foreach (var model in models)
        {
            using var file = OnnxFile.Export(context, model, data.Schema);
            Assert.Equal(["Age", "Income", "Years", "Zone"], file.Inputs.Order());
            Agreement.Assert(context, model, data, file);
        }
    }

    [Fact]
    public void ApplyOnnxModel_reads_the_file_row_by_row_and_in_batches()
    {
        var model = Claims().Fit(data);
        string path = Path.Combine(Path.GetTempPath(), $"probml-{Guid.NewGuid():N}.onnx");
        try
        {
            context.Model.SaveAsOnnx(model, data.Schema, path);
            var applied = context.Transforms.ApplyOnnxModel(
                ["Score", "LowerBound", "UpperBound"], ["District", "Income", "Age", "Years"], path).Fit(data).Transform(data);
            var expected = Scores.Read(model.Transform(data));
            foreach (string name in (string[])["Score", "LowerBound", "UpperBound"])
            {
                var found = applied.GetColumn<VBuffer<float>>(name).Select(value => value.GetItemOrDefault(0)).ToList();
                for (int i = 0; i < found.Count; i++)
                    Scores.AssertClose(expected[name][i], found[i], 1e-5, $"{name} of row {i}");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_column_that_is_also_an_input_gets_another_name()
    {
        var model = context.Transforms.NormalizeMinMax("Age").Fit(data);
        using var file = OnnxFile.Export(context, model, data.Schema);
        Assert.Equal(["Age"], file.Inputs);
        Assert.Equal(["Age.output"], file.Outputs);
        Agreement.Assert(context, model, data, file);
    }

    [Fact]
    public void A_step_without_ONNX_form_is_named_if_an_output_comes_of_it()
    {
        var model = context.Transforms.CustomMapping<Holder, Half>((from, to) => to.HalfAge = from.Age / 2, null)
            .Append(context.Transforms.Concatenate("Features", "HalfAge", "Years"))
            .Append(context.Regression.Trainers.LinearRegression("Claims"))
            .Fit(data);
        var error = Assert.Throws<NotSupportedException>(() => OnnxFile.Bytes(context, model, data.Schema));
        Assert.Contains("'Score' cannot be written as ONNX: the step CustomMappingTransformer", error.Message, StringComparison.Ordinal);
        var beside = context.Transforms.CustomMapping<Holder, Half>((from, to) => to.HalfAge = from.Age / 2, null)
            .Append(context.Transforms.Concatenate("Features", "Age", "Years"))
            .Append(context.Regression.Trainers.LinearRegression("Claims"))
            .Fit(data);
        using var file = OnnxFile.Export(context, beside, data.Schema);
        Agreement.Assert(context, beside, data, file);
    }

    [Fact]
    public void Wrong_names_and_options_are_told()
    {
        var model = Claims().Fit(data);
        Assert.Contains("no input column 'Nowhere'", Message(new() { Inputs = ["Nowhere"] }), StringComparison.Ordinal);
        Assert.Contains("no column 'Nowhere'", Message(new() { Outputs = ["Nowhere"] }), StringComparison.Ordinal);
        Assert.Contains("twice", Message(new() { Outputs = ["Score", "Score"] }), StringComparison.Ordinal);
        Assert.Contains("Opset", Message(new() { Opset = 13 }), StringComparison.Ordinal);
        Assert.Contains("Outputs", Message(new() { Outputs = [] }), StringComparison.Ordinal);
        var missing = Assert.Throws<NotSupportedException>(() =>
            OnnxFile.Bytes(context, model, data.Schema, new() { Inputs = ["Age"], Outputs = ["Score"] }));
        Assert.Contains("more columns than the inputs Age", missing.Message, StringComparison.Ordinal);
        var label = Assert.Throws<NotSupportedException>(() => OnnxFile.Bytes(
            context, model, data.Schema, new() { Inputs = ["Age", "District", "Income", "Years"], Outputs = ["LogDensity"] }));
        Assert.Contains("it needs the column 'Claims'", label.Message, StringComparison.Ordinal);

        string Message(OnnxExportOptions options) =>
            Assert.ThrowsAny<ArgumentException>(() => OnnxFile.Bytes(context, model, data.Schema, options)).Message;
    }

    [Fact]
    public void A_failed_export_leaves_the_old_file_and_no_other()
    {
        var model = Claims().Fit(data);
        var folder = Directory.CreateTempSubdirectory("probml");
        try
        {
            string path = Path.Combine(folder.FullName, "model.onnx");
            File.WriteAllText(path, "old");
            Assert.ThrowsAny<ArgumentException>(() => context.Model.SaveAsOnnx(model, data.Schema, path, new() { Outputs = ["Nowhere"] }));
            Assert.Equal("old", File.ReadAllText(path));
            Assert.ThrowsAny<IOException>(() => context.Model.SaveAsOnnx(model, data.Schema, Path.Combine(folder.FullName, "no", "model.onnx")));
            Assert.Single(folder.GetFiles());
            context.Model.SaveAsOnnx(model, data.Schema, path);
            Assert.True(new FileInfo(path).Length > 1000);
            Assert.Single(folder.GetFiles());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private EstimatorChain<ProbabilisticTransformer<GlmModel>> Claims() =>
        context.Transforms.Categorical.OneHotEncoding("District")
            .Append(context.Transforms.IndicateMissingValues("IncomeMissing", "Income"))
            .Append(context.Transforms.ReplaceMissingValues("Income", replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean))
            .Append(context.Transforms.Conversion.ConvertType("IncomeMissing", outputKind: DataKind.Single))
            .Append(context.Transforms.NormalizeMeanVariance("Age"))
            .Append(context.Transforms.Concatenate("Features", "District", "Age", "Income", "IncomeMissing"))
            .Append(context.Regression.Trainers.PoissonRegression("Claims", exposureColumnName: "Years"));

    private sealed class Half
    {
        public float HalfAge { get; set; }
    }
}
