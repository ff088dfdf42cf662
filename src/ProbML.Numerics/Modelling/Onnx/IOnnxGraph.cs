namespace ProbML;

/// <summary>A graph of ONNX operators being built: constants and nodes are added, values come back.</summary>
/// <remarks>
/// Operators are those of the standard domain, as of <see cref="Opset"/> (ONNX operator schemas). Every tensor of rows has
/// the batch as its first axis, of any length. Numbers are Single unless an operator says otherwise.
/// </remarks>
public interface IOnnxGraph
{
    /// <summary>The version of the operator set that may be used, at most 12 where old runtimes are to load the file.</summary>
    int Opset { get; }

    /// <summary>Adds a constant tensor of Single.</summary>
    /// <param name="values">Its elements, row-major.</param>
    /// <param name="shape">Its shape; none: a scalar.</param>
    /// <param name="name">What to call it in the file (made unique); null: a name is made up.</param>
    OnnxValue Constant(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, string? name = null);

    /// <summary>Adds a constant tensor of Double.</summary>
    /// <inheritdoc cref="Constant(ReadOnlySpan{float}, ReadOnlySpan{long}, string?)"/>
    OnnxValue Constant(ReadOnlySpan<double> values, ReadOnlySpan<long> shape, string? name = null);

    /// <summary>Adds a constant tensor of Int64: indices, axes and shapes.</summary>
    /// <inheritdoc cref="Constant(ReadOnlySpan{float}, ReadOnlySpan{long}, string?)"/>
    OnnxValue Constant(ReadOnlySpan<long> values, ReadOnlySpan<long> shape, string? name = null);

    /// <summary>Adds an operator with one output.</summary>
    /// <param name="op">Its name in the standard, such as "MatMul".</param>
    /// <param name="inputs">Its inputs in order; a default value stands for an optional input left out.</param>
    /// <param name="attributes">Its attributes.</param>
    OnnxValue Node(string op, ReadOnlySpan<OnnxValue> inputs, params ReadOnlySpan<OnnxArgument> attributes);

    /// <summary>Adds an operator with several outputs, such as "Split".</summary>
    /// <inheritdoc cref="Node"/>
    /// <param name="op">Its name in the standard.</param>
    /// <param name="inputs">Its inputs in order.</param>
    /// <param name="outputs">The number of its outputs.</param>
    /// <param name="attributes">Its attributes.</param>
    OnnxValue[] Nodes(
        string op, ReadOnlySpan<OnnxValue> inputs, int outputs, params ReadOnlySpan<OnnxArgument> attributes);

    /// <summary>Adds a loop: as long as the body says, and so many times at most, its state is computed anew.</summary>
    /// <param name="most">The most times it runs.</param>
    /// <param name="state">What the state is before the first time; its types and shapes must not change.</param>
    /// <param name="body">Adds what is computed; values of this graph can be used there, the body's nowhere else.</param>
    /// <returns>The state at the end.</returns>
    OnnxValue[] Repeat(long most, ReadOnlySpan<OnnxValue> state, OnnxLoopBody body);

    /// <summary>Adds a finished ONNX file as a part of this one.</summary>
    /// <param name="model">The file.</param>
    /// <param name="inputs">What its inputs are here.</param>
    /// <returns>Its outputs.</returns>
    /// <exception cref="FormatException">The bytes are no ONNX file.</exception>
    /// <exception cref="ArgumentException">An input is missing.</exception>
    /// <exception cref="NotSupportedException">It needs a later operator set than <see cref="Opset"/>.</exception>
    IReadOnlyDictionary<string, OnnxValue> Include(
        ReadOnlyMemory<byte> model, IReadOnlyDictionary<string, OnnxValue> inputs);
}

/// <summary>Adds the body of a loop.</summary>
/// <param name="graph">Where the body's operators go.</param>
/// <param name="iteration">How many times the body has run, a scalar of Int64.</param>
/// <param name="state">The state so far.</param>
/// <returns>The state after, and a Boolean scalar: whether to go on (a default value: always).</returns>
public delegate (OnnxValue[] Next, OnnxValue GoOn) OnnxLoopBody(IOnnxGraph graph, OnnxValue iteration, OnnxValue[] state);
