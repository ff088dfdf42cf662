using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ProbML;

/// <summary>The nonlinearity between the layers of a network.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>x for x &gt; 0, else eˣ − 1.</summary>
    Elu,

    /// <summary>max(x, 0.01 x).</summary>
    LeakyRelu,

    /// <summary>x / (1 + e^−x), also called swish.</summary>
    Silu,
}

/// <summary>Activations on tensors and as ONNX operators.</summary>
internal static class Activations
{
    public static Tensor Apply(this Activation activation, Tensor x) => activation switch
    {
        Activation.Relu => x.relu(),
        Activation.Tanh => x.tanh(),
        Activation.Elu => functional.elu(x, 1.0),
        Activation.LeakyRelu => functional.leaky_relu(x, 0.01),
        Activation.Silu => functional.silu(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
    };

    public static OnnxValue Emit(this Activation activation, IOnnxGraph graph, OnnxValue x) => activation switch
    {
        Activation.Relu => graph.Node("Relu", [x]),
        Activation.Tanh => graph.Node("Tanh", [x]),
        Activation.Elu => graph.Node("Elu", [x]),
        Activation.LeakyRelu => graph.Node("LeakyRelu", [x], OnnxArgument.Of("alpha", 0.01f)),
        Activation.Silu => graph.Node("Mul", [x, graph.Node("Sigmoid", [x])]),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
    };
}
