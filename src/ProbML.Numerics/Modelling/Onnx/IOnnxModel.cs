namespace ProbML;

/// <summary>A fitted model that can write its scoring as ONNX operators: what it emits agrees with what it scores.</summary>
public interface IOnnxModel
{
    /// <summary>Adds the operators that compute the model's output columns.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="rows">The inputs.</param>
    /// <param name="wanted">One flag an output column: whether it is to be computed; empty: all are.</param>
    /// <returns>
    /// One value for each of the model's outputs, [n, width]; a default value where a column is not wanted, or needs an
    /// input that is absent (LogDensity without a response).
    /// </returns>
    /// <exception cref="NotSupportedException">A wanted column cannot be written as ONNX; the message names it.</exception>
    OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default);
}

/// <summary>The rows that an ONNX graph scores.</summary>
/// <param name="Features">[n, d], Single or Double.</param>
/// <param name="Offset">[n, 1], Single or Double: added to the linear predictor; absent: zero.</param>
/// <param name="Response">[n, 1], Single or Double: the label, for columns about it such as LogDensity; absent: unknown.</param>
public readonly record struct OnnxRows(OnnxValue Features, OnnxValue Offset = default, OnnxValue Response = default);
