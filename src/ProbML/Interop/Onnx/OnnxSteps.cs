using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>The steps of a fitted pipeline, to be written one after the other.</summary>
internal sealed class OnnxSteps
{
    private readonly List<(string Name, List<IDataTransform> Views)> steps = [];

    public OnnxSteps(IHostEnvironment env, ITransformer model, DataViewSchema input)
    {
        IDataView end = new EmptyDataView(env, input);
        Last = input;
        foreach (var step in PipelineSteps.Of(model))
        {
            var after = step.Transform(end);
            var views = Between(end, after);
            if (views.Count > 0)
                Last = end.Schema;
            steps.Add((Name(step), views));
            end = after;
        }
        End = end.Schema;
    }

    /// <summary>The columns before the last step.</summary>
    public DataViewSchema Last { get; }

    /// <summary>The columns after it.</summary>
    public DataViewSchema End { get; }

    /// <summary>Writes what can be written; says of the other steps why they cannot.</summary>
    /// <exception cref="NotSupportedException">A step that cannot be written changes the rows.</exception>
    public List<string> Write(PipelineOnnxContext context)
    {
        var refusals = new List<string>();
        foreach (var (name, views) in steps)
            foreach (var view in views)
                if (Write(context, name, view) is { } refusal)
                    refusals.Add(refusal);
        return refusals;
    }

    private static string? Write(PipelineOnnxContext context, string step, IDataTransform view)
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
            return null;
        var added = AddedColumns.Of(view.Source.Schema, view.Schema);
        if (added.Count == 0)
            throw new NotSupportedException($"The pipeline cannot be written as ONNX: {refusal}, and it changes the rows.");
        foreach (string column in added)
        {
            context.RemoveColumn(column);
            context.Refusals[column] = refusal;
        }
        return refusal;
    }

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
}
