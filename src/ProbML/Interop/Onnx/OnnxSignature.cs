namespace ProbML;

/// <summary>What an exported ONNX file takes and gives.</summary>
/// <param name="Inputs">The columns it takes.</param>
/// <param name="Outputs">The columns it gives.</param>
public sealed record OnnxSignature(IReadOnlyList<OnnxPort> Inputs, IReadOnlyList<OnnxPort> Outputs);
