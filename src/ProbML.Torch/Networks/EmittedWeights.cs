using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>Puts parameters into ONNX graphs.</summary>
internal static class EmittedWeights
{
    /// <summary>A constant with a tensor's values in Single, and its shape or another of as many elements.</summary>
    public static OnnxValue Constant(this IOnnxGraph graph, Tensor values, string name, params long[] shape)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Constant(values.ToSingles(), shape.Length > 0 ? shape : values.shape, name);
    }

    /// <summary>The numbers of a tensor on any device, row-major.</summary>
    public static float[] ToSingles(this Tensor values)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var single = values.detach().to(ScalarType.Float32, CPU).contiguous();
        return MemoryMarshal.Cast<byte, float>(single.bytes).ToArray();
    }
}
