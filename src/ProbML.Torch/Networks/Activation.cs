using static TorchSharp.torch;

namespace ProbML;

/// <summary>A function applied to each element between two layers.</summary>
public enum Activation
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>x for x &gt; 0, else eˣ − 1. Clevert, Unterthiner and Hochreiter (2016), eq. 15.</summary>
    Elu,

    /// <summary>x for x &gt; 0, else x / 100.</summary>
    LeakyRelu,

    /// <summary>x / (1 + e⁻ˣ). Elfwing, Uchibe and Doya (2018), eq. 9.</summary>
    Silu,

    /// <summary>λ x for x &gt; 0, else λ α (eˣ − 1). Klambauer et al. (2017), eq. 2.</summary>
    Selu,

    /// <summary>x Φ(x). Hendrycks and Gimpel (2016), §2; the exact form.</summary>
    Gelu,

    /// <summary>ln(1 + eˣ).</summary>
    Softplus,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>x.</summary>
    Identity,
}

/// <summary>What activations do to tensors, and to values of an ONNX graph.</summary>
public static class ActivationExtensions
{
    /// <summary>The function of each element.</summary>
    public static Tensor Apply(this Activation activation, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return activation switch
        {
            Activation.Identity => x,
            Activation.Relu => nn.functional.relu(x),
            Activation.Tanh => x.tanh(),
            Activation.Elu => x.elu(Scalars.Of(1), Scalars.Of(1), Scalars.Of(1)),
            Activation.Selu => nn.functional.selu(x),
            Activation.Gelu => nn.functional.gelu(x),
            Activation.Silu => nn.functional.silu(x),
            Activation.Softplus => TensorFunctions.Softplus(x),
            Activation.LeakyRelu => x.leaky_relu(Scalars.Of(0.01)),
            Activation.Sigmoid => x.sigmoid(),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
        };
    }

    /// <summary>The function of each element, as operators.</summary>
    public static OnnxValue Emit(this Activation activation, IOnnxGraph graph, OnnxValue x)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return activation switch
        {
            Activation.Identity => x,
            Activation.Relu => graph.Node("Relu", [x]),
            Activation.Tanh => graph.Node("Tanh", [x]),
            Activation.Elu => graph.Node("Elu", [x]),
            Activation.Selu => graph.Node("Selu", [x]),
            Activation.Gelu => EmitGelu(graph, x),
            Activation.Silu => graph.Node("Mul", [x, graph.Node("Sigmoid", [x])]),
            Activation.Softplus => graph.Node("Softplus", [x]),
            Activation.LeakyRelu => graph.Node("LeakyRelu", [x], OnnxArgument.Of("alpha", 0.01f)),
            Activation.Sigmoid => graph.Node("Sigmoid", [x]),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
        };
    }

    /// <summary>x (1 + erf(x / √2)) / 2: Gelu itself came with opset 20.</summary>
    private static OnnxValue EmitGelu(IOnnxGraph graph, OnnxValue x)
    {
        OnnxValue Number(double value) => graph.Constant([(float)value], []);
        var error = graph.Node("Erf", [graph.Node("Mul", [x, Number(Math.Sqrt(0.5))])]);
        var share = graph.Node("Mul", [graph.Node("Add", [error, Number(1)]), Number(0.5)]);
        return graph.Node("Mul", [x, share]);
    }
}
