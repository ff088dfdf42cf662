using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ProbML;

/// <summary>A module that can write its forward pass, weights included, as ONNX operators.</summary>
/// <param name="name">The module's name.</param>
public abstract class EmittedModule(string name) : Module<Tensor, Tensor>(name), IOnnxModule
{
    /// <summary>Adds the operators of the forward pass on rows, [n, inputs] → [n, outputs].</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="input">[n, inputs], Single.</param>
    public abstract OnnxValue Emit(IOnnxGraph graph, OnnxValue input);

    /// <summary>Adds a tensor as a constant of Single, of its own shape.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="values">The tensor, on any device.</param>
    private protected static OnnxValue Constant(IOnnxGraph graph, Tensor values) =>
        graph.Constant(ToArray(values), values.shape);

    /// <summary>The numbers of a tensor on any device, row-major.</summary>
    internal static float[] ToArray(Tensor values)
    {
        using var scope = NewDisposeScope();
        var plain = values.detach().to(ScalarType.Float32).cpu().contiguous();
        return MemoryMarshal.Cast<byte, float>(plain.bytes).ToArray();
    }
}
