using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace ProbML;

/// <summary>Lets our models write to any of ML.NET's ONNX contexts, such as that of <c>ConvertToOnnx</c>.</summary>
/// <remarks>Such a context takes no graphs within graphs, so a column that needs a loop cannot be written to it.</remarks>
internal sealed class ContextGraph(OnnxContext context) : IOnnxGraph
{
    public int Opset => 12;

    /// <summary>The graph of a context.</summary>
    public static IOnnxGraph Of(OnnxContext context) =>
        context is PipelineOnnxContext own ? own.Graph : new ContextGraph(context);

    public OnnxValue Constant(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, string? name = null) =>
        new(context.AddInitializer(values.ToArray(), shape.ToArray(), name ?? "constant"));

    public OnnxValue Constant(ReadOnlySpan<double> values, ReadOnlySpan<long> shape, string? name = null) =>
        new(context.AddInitializer(values.ToArray(), shape.ToArray(), name ?? "constant"));

    public OnnxValue Constant(ReadOnlySpan<long> values, ReadOnlySpan<long> shape, string? name = null) =>
        new(context.AddInitializer(values.ToArray(), shape.ToArray(), name ?? "constant"));

    public OnnxValue Node(string op, ReadOnlySpan<OnnxValue> inputs, params ReadOnlySpan<OnnxArgument> attributes) =>
        Nodes(op, inputs, 1, attributes)[0];

    public OnnxValue[] Nodes(
        string op, ReadOnlySpan<OnnxValue> inputs, int outputs, params ReadOnlySpan<OnnxArgument> attributes)
    {
        var from = new string[inputs.Length];
        for (int i = 0; i < from.Length; i++)
            from[i] = inputs[i].Name ?? "";
        var to = new OnnxValue[outputs];
        for (int i = 0; i < outputs; i++)
            to[i] = new(context.AddIntermediateVariable(NumberDataViewType.Double, $"{op}_value", skip: true));
        var node = context.CreateNode(op, from, to.Select(value => value.Name!), context.GetNodeName(op), "");
        foreach (var attribute in attributes)
            Add(node, attribute);
        return to;
    }

    public OnnxValue[] Repeat(long most, ReadOnlySpan<OnnxValue> state, OnnxLoopBody body) => throw new NotSupportedException(
        "It needs a loop, which ML.NET's ConvertToOnnx has not. Use mlContext.Model.SaveAsOnnx of ProbML.");

    public IReadOnlyDictionary<string, OnnxValue> Include(
        ReadOnlyMemory<byte> model, IReadOnlyDictionary<string, OnnxValue> inputs) => throw new NotSupportedException(
        "The model is a graph of its own, which ML.NET's ConvertToOnnx cannot take in. Use mlContext.Model.SaveAsOnnx of ProbML.");

    private static void Add(OnnxNode node, OnnxArgument attribute)
    {
        switch (attribute.Value)
        {
            case long number: node.AddAttribute(attribute.Name, number); break;
            case float number: node.AddAttribute(attribute.Name, number); break;
            case string text: node.AddAttribute(attribute.Name, text); break;
            case long[] numbers: node.AddAttribute(attribute.Name, numbers); break;
            case float[] numbers: node.AddAttribute(attribute.Name, numbers); break;
        }
    }
}
