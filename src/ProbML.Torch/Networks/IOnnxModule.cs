namespace ProbML;

/// <summary>A module that can write its forward pass, in eval mode, as ONNX operators of opset 12.</summary>
public interface IOnnxModule
{
    /// <summary>Adds the operators and the weights as they are now, in Single.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="input">What the module is given; the first axis is the batch.</param>
    OnnxValue Emit(IOnnxGraph graph, OnnxValue input);
}
