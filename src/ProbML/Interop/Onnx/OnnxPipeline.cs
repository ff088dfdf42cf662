using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>Writes the steps of a pipeline one after the other, from the columns that are given to those asked for.</summary>
/// <remarks>
/// A step that cannot be written is remembered with the columns it would have added; that matters only if one of the
/// outputs comes of them.
/// </remarks>
internal sealed class OnnxPipeline
{
    private readonly DataViewSchema input;
    private readonly OnnxExportOptions options;
    private readonly PipelineOnnxContext context;
    private readonly List<string> refusals = [];
    private readonly List<string> inputs;

    private OnnxPipeline(DataViewSchema input, OnnxExportOptions options)
    {
        (this.input, this.options) = (input, options);
        context = new PipelineOnnxContext(options.Opset);
        inputs = Inputs();
    }

    /// <exception cref="ArgumentException">An input or output is unknown.</exception>
    /// <exception cref="NotSupportedException">An output cannot be written; the message names the step.</exception>
    public static PipelineOnnxContext Export(
        IHostEnvironment env, ITransformer model, DataViewSchema input, OnnxExportOptions options)
    {
        options.Validate();
        var pipeline = new OnnxPipeline(input, options);
        var steps = new OnnxSteps(env, model, input);
        pipeline.Write(steps, pipeline.Outputs(steps.Last, steps.End));
        return pipeline.context;
    }

    private void Write(OnnxSteps steps, string[] outputs)
    {
        string[] names = [.. outputs.Select(column => context.OutputName(column, inputs.Contains(column)))];
        foreach (string column in inputs)
            context.Input(column, input[column].Type, isOptional: options.Inputs is null);
        refusals.AddRange(steps.Write(context));
        for (int k = 0; k < outputs.Length; k++)
        {
            var column = steps.End[outputs[k]];
            if (!context.ContainsColumn(column.Name))
                throw Missing(column.Name);
            context.Output(column.Name, names[k], column.Type);
            if (column.Type is KeyDataViewType && KeyNames.Of(column) is { } classes)
                context.Graph.Metadata($"{names[k]}.classes", JsonSerializer.Serialize(classes));
        }
    }

    private NotSupportedException Missing(string column)
    {
        string reason = context.Refusals.TryGetValue(column, out string? own) ? own
            : refusals.Count > 0 ? string.Join("; ", refusals)
            : options.Inputs is not null ? $"it needs more columns than the inputs {string.Join(", ", inputs)}"
            : "a column that it comes from has no ONNX form";
        return new($"The column '{column}' cannot be written as ONNX: {reason.TrimEnd('.')}. Choose other outputs, or leave out that step.");
    }

    private List<string> Inputs()
    {
        if (options.Inputs is null)
            return [.. input.Where(column => !column.IsHidden && PipelineOnnxTypes.Has(column.Type)).Select(c => c.Name)];
        foreach (string name in options.Inputs)
        {
            var column = input.GetColumnOrNull(name) ?? throw new ArgumentException(
                $"There is no input column '{name}'; the data have {Names(input)}.");
            if (!PipelineOnnxTypes.Has(column.Type))
                throw new ArgumentException(
                    $"The input column '{name}' is of type {column.Type}, which ONNX has not.");
        }
        return [.. options.Inputs];
    }

    /// <summary>Those asked for; else what the last step adds, less densities of a label that is not given.</summary>
    private string[] Outputs(DataViewSchema before, DataViewSchema end)
    {
        if (options.Outputs is not null)
        {
            foreach (string name in options.Outputs)
            {
                var column = end.GetColumnOrNull(name) ?? throw new ArgumentException(
                    $"The pipeline gives no column '{name}'; it gives {Names(end)}.");
                if (!PipelineOnnxTypes.Has(column.Type))
                    throw new ArgumentException(
                        $"The column '{name}' is of type {column.Type}, which ONNX has not.");
            }
            return [.. options.Outputs];
        }
        var added = AddedColumns.Of(before, end);
        if (added.Count == 0)
            added = [.. end.Where(column => !column.IsHidden).Select(column => column.Name)];
        return [.. added.Where(name => PipelineOnnxTypes.Has(end[name].Type) && name != ColumnNames.LogDensity)];
    }

    private static string Names(DataViewSchema schema) =>
        string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => column.Name));
}
