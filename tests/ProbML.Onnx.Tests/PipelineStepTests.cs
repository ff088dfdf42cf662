using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Onnx.Tests;

/// <summary>Trees of ML.NET, columns left out on the way, and models without coefficients.</summary>
public sealed class PipelineStepTests
{
    private readonly MLContext context = new(1);
    private readonly IDataView data;

    public PipelineStepTests() => data = context.Data.LoadFromEnumerable(Holder.Sample());

    [Fact]
    public void Trees_of_ML_NET_are_written()
    {
        var steps = context.Transforms.Categorical.OneHotEncoding("District")
            .Append(context.Transforms.Concatenate("Features", "District", "Age", "Years"));
        ITransformer[] models =
        [
            steps.Append(context.Regression.Trainers.FastTree("Claims", numberOfTrees: 20)).Fit(data),
            steps.Append(context.Regression.Trainers.FastForest("Claims", numberOfTrees: 20)).Fit(data),
            steps.Append(context.Regression.Trainers.LightGbm("Claims", numberOfIterations: 20)).Fit(data),
            steps.Append(context.BinaryClassification.Trainers.FastTree("HasClaim", numberOfTrees: 20)).Fit(data),
            steps.Append(context.BinaryClassification.Trainers.LightGbm("HasClaim", numberOfIterations: 20)).Fit(data),
        ];
        foreach (var model in models)
        {
            using var file = OnnxExport(model);
            Assert.Equal(["Age", "District", "Years"], file.Inputs.Order());
            Agreement.Assert(context, model, data, file);
        }
    }

    [Fact]
    public void Our_model_of_what_trees_predict_is_written()
    {
        var model = context.Transforms.Concatenate("Features", "Age", "Years")
            .Append(context.Regression.Trainers.FastTree("Claims", numberOfTrees: 20))
            .Append(context.Transforms.CopyColumns("TreeScore", "Score"))
            .Append(context.Transforms.Concatenate("Features", "TreeScore", "Age"))
            .Append(context.Regression.Trainers.LinearRegression("Claims"))
            .Fit(data);
        using var file = OnnxExport(model);
        Assert.Contains("UpperBound", file.Outputs);
        Agreement.Assert(context, model, data, file);
    }

    [Fact]
    public void Columns_may_be_left_out_on_the_way()
    {
        var model = context.Transforms.NormalizeMeanVariance("Scaled", "Age")
            .Append(context.Transforms.DropColumns("Age", "Kind"))
            .Append(context.Transforms.Concatenate("Features", "Scaled", "Years"))
            .Append(context.Transforms.SelectColumns("Features", "Claims", "HasClaim"))
            .Append(context.Regression.Trainers.PoissonRegression("Claims"))
            .Fit(data);
        using var file = OnnxExport(model);
        Assert.Equal(["Age", "Years"], file.Inputs.Order());
        Agreement.Assert(context, model, data, file);
    }

    [Fact]
    public void The_last_step_may_leave_out_columns()
    {
        var model = context.Transforms.Concatenate("Features", "Age", "Years")
            .Append(context.Regression.Trainers.LinearRegression("Claims"))
            .Append(context.Transforms.SelectColumns("Score", "UpperBound"))
            .Fit(data);
        using var file = OnnxExport(model);
        Assert.Equal(["Score", "UpperBound"], file.Outputs.Order());
        Agreement.Assert(context, model, data, file);
        var dropped = context.Transforms.Concatenate("Features", "Age", "Years")
            .Append(context.Regression.Trainers.LinearRegression("Claims"))
            .Append(context.Transforms.DropColumns("LowerBound"))
            .Fit(data);
        using var rest = OnnxExport(dropped, new() { Outputs = ["Score"] });
        Agreement.Assert(context, dropped, data, rest);
        var error = Assert.ThrowsAny<ArgumentException>(() => OnnxExport(dropped, new() { Outputs = ["LowerBound"] }));
        Assert.Contains("no column 'LowerBound'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_coefficients_is_written()
    {
        // The only feature is 0 for everyone, so it is aliased, and there is no intercept: only the offset remains.
        var rows = Holder.Sample();
        foreach (var row in rows)
            row.Zone = 0;
        var flat = context.Data.LoadFromEnumerable(rows);
        var steps = context.Transforms.Conversion.ConvertType("ZoneNumber", "Zone", DataKind.Single)
            .Append(context.Transforms.Concatenate("Features", "ZoneNumber"));
        ITransformer[] models =
        [
            steps.Append(context.Regression.Trainers.Glm(new() { Intercept = false }, "Claims")).Fit(flat),
            steps.Append(context.Regression.Trainers.Glm(
                new() { Family = Families.Poisson, Intercept = false }, "Claims", offsetColumnName: "Years")).Fit(flat),
            steps.Append(context.Regression.Trainers.TobitRegression(new TobitOptions { Lower = 0, Intercept = false }, "Claims")).Fit(flat),
            context.Transforms.Conversion.MapValueToKey("Label", "Kind").Append(steps).Append(
                context.MulticlassClassification.Trainers.MultinomialRegression(new MultinomialOptions { Intercept = false })).Fit(flat),
        ];
        foreach (var model in models)
        {
            using var file = OnnxExport(model);
            Assert.Contains(file.Outputs, name => name.EndsWith("StandardError", StringComparison.Ordinal));
            Agreement.Assert(context, model, flat, file);
        }
    }

    private Laws.OnnxFile OnnxExport(ITransformer model, OnnxExportOptions? options = null) =>
        Laws.OnnxFile.Export(context, model, data.Schema, options);
}
