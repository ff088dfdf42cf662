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
}
