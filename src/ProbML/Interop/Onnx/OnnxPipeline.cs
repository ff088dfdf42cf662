using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
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
        IDataView start = new EmptyDataView(env, input), end = start, last = start;
        var steps = new List<(string Name, List<IDataTransform> Views)>();
        foreach (var step in Steps(model))
        {
            var after = step.Transform(end);
            var views = Between(end, after);
            if (views.Count > 0)
                last = end;
            steps.Add((Name(step), views));
            end = after;
        }
        string[] outputs = pipeline.Outputs(last.Schema, end.Schema);
        pipeline.Write(steps, outputs, end.Schema);
        return pipeline.context;
    }

    private void Write(
        List<(string Name, List<IDataTransform> Views)> steps, string[] outputs, DataViewSchema end)
    {
        string[] names = [.. outputs.Select(column => context.OutputName(column, inputs.Contains(column)))];
        foreach (string column in inputs)
            context.Input(column, input[column].Type, isOptional: options.Inputs is null);
        foreach (var (name, views) in steps)
            foreach (var view in views)
                Write(name, view);
        for (int k = 0; k < outputs.Length; k++)
        {
            var column = end[outputs[k]];
            if (!context.ContainsColumn(column.Name))
                throw Missing(column.Name);
            context.Output(column.Name, names[k], column.Type);
            if (column.Type is KeyDataViewType && KeyNames.Of(column) is { } classes)
                context.Graph.Metadata($"{names[k]}.classes", JsonSerializer.Serialize(classes));
        }
    }

    private void Write(string step, IDataTransform view)
    {
        string? refusal = null;
        if (view is not ITransformCanSaveOnnx writer || !writer.CanSaveOnnx(context))
        {
            refusal = $"the step {step} has no ONNX form";
        }
        else
        {
            try
            {
                writer.SaveAsOnnx(context);
            }
            catch (Exception e) when (e is NotSupportedException or NotImplementedException or InvalidOperationException)
            {
                refusal = $"the step {step} cannot be written as ONNX: {e.Message.TrimEnd('.')}";
            }
        }
        if (refusal is null)
            return;
        var added = Added(view.Source.Schema, view.Schema);
        if (added.Count == 0)
            throw new NotSupportedException($"The pipeline cannot be written as ONNX: {refusal}, and it changes the rows.");
        refusals.Add(refusal);
        foreach (string column in added)
        {
            context.RemoveColumn(column);
            context.Refusals[column] = refusal;
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
        var added = Added(before, end);
        if (added.Count == 0)
            added = [.. end.Where(column => !column.IsHidden).Select(column => column.Name)];
        return [.. added.Where(name => PipelineOnnxTypes.Has(end[name].Type) && name != ColumnNames.LogDensity)];
    }

    /// <summary>The names of which a schema has more columns than another: added, or put in place of those hidden.</summary>
    private static List<string> Added(DataViewSchema before, DataViewSchema after)
    {
        var counts = before.CountBy(column => column.Name).ToDictionary(StringComparer.Ordinal);
        return [.. after.CountBy(column => column.Name)
            .Where(name => name.Value > counts.GetValueOrDefault(name.Key)).Select(name => name.Key)];
    }

    private static IEnumerable<ITransformer> Steps(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Steps) : [model];

    private static List<IDataTransform> Between(IDataView before, IDataView after)
    {
        var views = new List<IDataTransform>();
        for (var view = after; view != before && view is IDataTransform transform; view = transform.Source)
            views.Insert(0, transform);
        return views;
    }

    private static string Name(ITransformer step)
    {
        string name = step.GetType().Name;
        int generic = name.IndexOf('`', StringComparison.Ordinal);
        return generic < 0 ? name : name[..generic];
    }

    private static string Names(DataViewSchema schema) =>
        string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => column.Name));
}
