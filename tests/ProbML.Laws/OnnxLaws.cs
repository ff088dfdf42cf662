using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Laws;

/// <summary>A model that can be written as ONNX is the same model there.</summary>
public static class OnnxLaws
{
    private const int Rows = 500;

    /// <summary>The same model computes the same, whatever a fit to rows in another order would give.</summary>
    private const double Tolerance = 1e-5;

    public static void Onnx_agrees_with_Transform(Component component)
    {
        var (context, data, model) = Fitted(component);
        if (model is null)
            return;
        var options = Everything(component, model, data);
        byte[] bytes = OnnxFile.Bytes(context, model, data.Schema, options);
        using var file = new OnnxFile(bytes);
        var rows = Scored(component);
        AssertAgree(component, model, context.View(rows), file);
        foreach (var row in rows[..3])
            AssertAgree(component, model, context.View([row]), file);
        Assert.Equal(bytes, OnnxFile.Bytes(context, model, data.Schema, options));
    }

    public static void Onnx_takes_what_its_outputs_need(Component component)
    {
        var (context, data, model) = Fitted(component);
        if (model is null)
            return;
        var roles = component.AllRoles;
        var all = component.NotExported.Count == 0 ? null : new OnnxExportOptions { Outputs = Exported(component, model, data) };
        using var file = OnnxFile.Export(context, model, data.Schema, all);
        string?[] needed = [roles.Features, roles.Offset, roles.Exposure];
        Assert.Equal(needed.OfType<string>().Order(), file.Inputs.Order());
        Assert.DoesNotContain(ColumnNames.LogDensity, file.Outputs);
        Assert.Contains(component.Score, file.Outputs);
        using var score = OnnxFile.Export(
            context, model, data.Schema, new() { Inputs = [roles.Features], Outputs = [component.Score] });
        Assert.Equal([roles.Features], score.Inputs);
        Assert.Equal([component.Score], score.Outputs);
    }

    public static void Onnx_gives_NaN_for_a_missing_feature(Component component)
    {
        var (context, data, model) = Fitted(component);
        if (model is null)
            return;
        var rows = Scored(component)[..3];
        rows[1] = rows[1].With(row => row.Features = [1, float.NaN, 0, 1]);
        using var file = OnnxFile.Export(context, model, data.Schema, Everything(component, model, data));
        AssertAgree(component, model, context.View(rows), file);
    }

    /// <summary>The rows that were fitted to; where those are scored apart, others.</summary>
    private static List<LawRow> Scored(Component component)
    {
        var fitted = LawData.Rows(component, Rows);
        if (!component.ScoresFittedRowsApart)
            return fitted;
        var known = fitted.Select(row => string.Join(' ', row.Features)).ToHashSet();
        return [.. LawData.Rows(component, Rows, seed: 8).Where(row => !known.Contains(string.Join(' ', row.Features)))];
    }

    private static (MLContext Context, IDataView Data, ITransformer? Model) Fitted(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component, Rows));
        var model = component.Fit(context, data, component.AllRoles);
        object? fitted = model.GetType().GetProperty("Model")?.GetValue(model);
        return (context, data, fitted is IOnnxModel && !component.NotExported.Contains(component.Score) ? model : null);
    }

    /// <summary>Every column, from every column there is.</summary>
    private static OnnxExportOptions Everything(Component component, ITransformer model, IDataView data)
    {
        var roles = component.AllRoles;
        string?[] inputs = [roles.Features, component.HasLabel ? roles.Label : null, roles.Offset, roles.Exposure];
        return new()
        {
            Inputs = [.. inputs.OfType<string>()],
            Outputs = Exported(component, model, data),
        };
    }

    private static string[] Exported(Component component, ITransformer model, IDataView data) =>
    [
        .. Scores.Columns(model.GetOutputSchema(data.Schema)).Select(column => column.Name)
            .Where(name => !component.NotExported.Contains(name)),
    ];

    private static void AssertAgree(Component component, ITransformer model, IDataView data, OnnxFile file)
    {
        var expected = Scores.Read(model.Transform(data));
        var found = file.Score(data);
        Assert.Equal(expected.Names.Distinct().Except(component.NotExported).Order(), found.Keys.Order());
        foreach (var (name, rows) in found)
        {
            var slots = expected.Slots(name);
            Assert.Equal(slots.Count, rows.Count);
            for (int i = 0; i < rows.Count; i++)
                for (int k = 0; k < rows[i].Length; k++)
                    Scores.AssertClose(slots[i][k], rows[i][k], Tolerance, $"{name}[{k}] of row {i}");
        }
    }
}
