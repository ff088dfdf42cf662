using System.Runtime.InteropServices;

namespace ProbML;

/// <summary>An ONNX file being built: inputs, operators, outputs, then its bytes.</summary>
/// <remarks>Writes the protobuf encoding of ONNX by itself, IR version 7. Equal calls give equal bytes.</remarks>
public sealed class OnnxGraph : IOnnxGraph
{
    private readonly Dictionary<(OnnxElement, long), OnnxValue> scalars = [];
    private readonly HashSet<string> reserved = new(StringComparer.Ordinal);
    private readonly OnnxDocument document;

    /// <summary>The graph this one is a body in.</summary>
    private OnnxGraph? outer;

    /// <summary>An empty graph.</summary>
    /// <param name="opset">The version of the operator set, 9 to 12.</param>
    /// <exception cref="ArgumentOutOfRangeException">The version is not one of these.</exception>
    public OnnxGraph(int opset = 12)
        : this(new OnnxDocument(opset), opset) =>
        ArgumentOutOfRangeException.ThrowIfNotEqual(opset, Math.Clamp(opset, 9, 12));

    /// <summary>A graph that adds to a document others add to as well.</summary>
    internal OnnxGraph(OnnxDocument document, int opset) => (this.document, Opset) = (document, opset);

    /// <inheritdoc/>
    public int Opset { get; }

    private OnnxGraph Root => outer?.Root ?? this;

    /// <summary>Adds an input of rows, [n, width].</summary>
    /// <param name="name">Its name, which must not be taken.</param>
    /// <param name="element">The type of its elements.</param>
    /// <param name="width">The numbers in a row.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public OnnxValue Input(string name, OnnxElement element, int width) => Input(name, element, [-1, width]);

    /// <summary>Adds an input of any shape; −1 stands for the number of rows.</summary>
    /// <inheritdoc cref="Input(string, OnnxElement, int)"/>
    public OnnxValue Input(string name, OnnxElement element, ReadOnlySpan<long> shape)
    {
        document.Input(Claim(name), element, shape);
        return new(name);
    }

    /// <summary>Makes a value of Single, [n, width], an output.</summary>
    /// <param name="name">The output's name, which must not be taken.</param>
    /// <param name="value">The value.</param>
    /// <param name="width">The numbers in a row.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Output(string name, OnnxValue value, int width) => Output(name, value, OnnxElement.Single, [-1, width]);

    /// <summary>Makes a value of any type and shape an output; −1 stands for the number of rows.</summary>
    /// <inheritdoc cref="Output(string, OnnxValue, int)"/>
    public void Output(string name, OnnxValue value, OnnxElement element, ReadOnlySpan<long> shape)
    {
        Claim(name);
        Add("Identity", [value], [name]);
        document.Output(name, element, shape);
    }

    /// <summary>Adds a text about the model that travels with it, such as the names of its classes.</summary>
    public void Metadata(string key, string value) => document.Metadata(key, value);

    /// <summary>The file.</summary>
    /// <exception cref="InvalidOperationException">The graph has no output.</exception>
    /// <exception cref="NotSupportedException">It would be larger than 2 GiB.</exception>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        WriteTo(stream);
        return stream.ToArray();
    }

    /// <summary>Writes the file.</summary>
    /// <inheritdoc cref="ToBytes"/>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!document.HasOutputs)
            throw new InvalidOperationException("The graph has no output. Call Output for what it is to compute.");
        document.WriteTo(stream, "probml");
    }

    /// <inheritdoc/>
    public OnnxValue Constant(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, string? name = null) =>
        Constant(OnnxElement.Single, values, shape, name, value => BitConverter.SingleToInt32Bits(value));

    /// <inheritdoc/>
    public OnnxValue Constant(ReadOnlySpan<double> values, ReadOnlySpan<long> shape, string? name = null) =>
        Constant(OnnxElement.Double, values, shape, name, BitConverter.DoubleToInt64Bits);

    /// <inheritdoc/>
    public OnnxValue Constant(ReadOnlySpan<long> values, ReadOnlySpan<long> shape, string? name = null) =>
        Constant(OnnxElement.Int64, values, shape, name, value => value);

    /// <inheritdoc/>
    public OnnxValue Node(string op, ReadOnlySpan<OnnxValue> inputs, params ReadOnlySpan<OnnxArgument> attributes) =>
        Nodes(op, inputs, 1, attributes)[0];

    /// <inheritdoc/>
    public OnnxValue[] Nodes(
        string op, ReadOnlySpan<OnnxValue> inputs, int outputs, params ReadOnlySpan<OnnxArgument> attributes)
    {
        var results = new string[outputs];
        for (int i = 0; i < outputs; i++)
            results[i] = document.Name($"{op}_value");
        Add(op, inputs, results, attributes);
        return [.. results.Select(name => new OnnxValue(name))];
    }

    /// <inheritdoc/>
    public OnnxValue[] Repeat(long most, ReadOnlySpan<OnnxValue> state, OnnxLoopBody body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var inner = document.Body();
        var graph = new OnnxGraph(inner, Opset) { outer = this };
        string iteration = inner.Name("iteration"), going = inner.Name("going");
        inner.Input(iteration, OnnxElement.Int64, []);
        inner.Input(going, OnnxElement.Boolean, []);
        var current = new OnnxValue[state.Length];
        for (int i = 0; i < current.Length; i++)
        {
            current[i] = new(inner.Name("state"));
            inner.Input(current[i].Name!, null, []);
        }
        var (next, goOn) = body(graph, new(iteration), current);
        goOn = goOn.Exists ? graph.Node("Identity", [goOn]) : graph.Node("Identity", [new(going)]);
        inner.Output(goOn.Name!, OnnxElement.Boolean, []);
        foreach (var value in next)
            inner.Output(graph.Node("Identity", [value]).Name!, null, []);
        var results = current.Select(_ => new OnnxValue(document.Name("Loop_value"))).ToArray();
        string[] from = [Constant([most], []).Name!, "", .. state.ToArray().Select(value => value.Name!)];
        var node = new OnnxOperation(
            "Loop", document.NodeName("Loop"), "", from, [.. results.Select(value => value.Name!)], inner.Uses);
        node.Add(inner.ToAttribute("body"));
        document.Node(node);
        return results;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, OnnxValue> Include(
        ReadOnlyMemory<byte> model, IReadOnlyDictionary<string, OnnxValue> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new OnnxInclusion(document, Opset, inputs).Add(model.Span);
    }

    private OnnxValue Constant<T>(
        OnnxElement element, ReadOnlySpan<T> values, ReadOnlySpan<long> shape, string? name, Func<T, long> bits)
        where T : unmanaged
    {
        long count = 1;
        foreach (long size in shape)
            count = checked(count * size);
        if (count != values.Length)
            throw new ArgumentException($"{values.Length} elements do not fill a tensor of {count}.", nameof(values));
        var key = (element, values.Length == 1 ? bits(values[0]) : 0);
        bool isPlainScalar = shape.IsEmpty && name is null;
        if (isPlainScalar && Root.scalars.TryGetValue(key, out var known))
            return known;
        string unique = document.Name(name ?? "constant");
        document.Tensor(unique, element, shape, MemoryMarshal.AsBytes(values).ToArray());
        if (isPlainScalar)
            Root.scalars[key] = new(unique);
        return new(unique);
    }

    private void Add(
        string op, ReadOnlySpan<OnnxValue> inputs, string[] outputs, params ReadOnlySpan<OnnxArgument> attributes)
    {
        var from = new string[inputs.Length];
        for (int i = 0; i < from.Length; i++)
            from[i] = inputs[i].Name ?? "";
        var node = new OnnxOperation(op, document.NodeName(op), "", from, outputs);
        foreach (var attribute in attributes)
            node.Add(attribute.Name, attribute.Value);
        document.Node(node);
    }

    /// <summary>Keeps names for outputs to come, so that no operator or constant takes them.</summary>
    internal void Reserve(IEnumerable<string> names)
    {
        foreach (string name in names)
            reserved.Add(Claim(name));
    }

    private string Claim(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return reserved.Remove(name) || document.Name(name) == name
            ? name
            : throw new ArgumentException($"The graph has a value named '{name}' already. Choose another name.", nameof(name));
    }
}
