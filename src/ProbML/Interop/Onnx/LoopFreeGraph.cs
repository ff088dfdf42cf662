namespace ProbML;

/// <summary>A graph to try on whether a column can be written without a loop; nothing becomes of it.</summary>
internal sealed class LoopFreeGraph : IOnnxGraph
{
    private readonly OnnxGraph inner = new();

    public int Opset => inner.Opset;

    public OnnxValue Constant(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, string? name = null) =>
        inner.Constant(values, shape, name);

    public OnnxValue Constant(ReadOnlySpan<double> values, ReadOnlySpan<long> shape, string? name = null) =>
        inner.Constant(values, shape, name);

    public OnnxValue Constant(ReadOnlySpan<long> values, ReadOnlySpan<long> shape, string? name = null) =>
        inner.Constant(values, shape, name);

    public OnnxValue Node(string op, ReadOnlySpan<OnnxValue> inputs, params ReadOnlySpan<OnnxArgument> attributes) =>
        inner.Node(op, inputs, attributes);

    public OnnxValue[] Nodes(
        string op, ReadOnlySpan<OnnxValue> inputs, int outputs, params ReadOnlySpan<OnnxArgument> attributes) =>
        inner.Nodes(op, inputs, outputs, attributes);

    public OnnxValue[] Repeat(long most, ReadOnlySpan<OnnxValue> state, OnnxLoopBody body) =>
        throw new NotSupportedException("It needs a loop.");

    public IReadOnlyDictionary<string, OnnxValue> Include(
        ReadOnlyMemory<byte> model, IReadOnlyDictionary<string, OnnxValue> inputs) =>
        throw new NotSupportedException("It needs a graph to be taken in.");
}
