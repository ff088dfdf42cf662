using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ProbML;

/// <summary>A multilayer perceptron: W_L s(… s(W₁ x + b₁) …) + b_L, with nonlinearity s.</summary>
public sealed class Mlp : EmittedModule
{
    private readonly Linear[] layers;
    private readonly Activation activation;

    /// <summary>Makes one with weights from U(−1/√f, 1/√f), f the inputs of a layer.</summary>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="hidden">The widths of the hidden layers; none: a linear map.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="random">Where the weights come from.</param>
    /// <param name="type">The type of the weights; null: Single.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is not positive.</exception>
    public Mlp(
        int inputs,
        IReadOnlyList<int> hidden,
        int outputs,
        Activation activation,
        Generator random,
        ScalarType? type = null)
        : base(nameof(Mlp))
    {
        ArgumentNullException.ThrowIfNull(hidden);
        int[] widths = [inputs, .. hidden, outputs];
        foreach (int width in widths)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        this.activation = activation;
        layers = new Linear[widths.Length - 1];
        for (int l = 0; l < layers.Length; l++)
        {
            layers[l] = Linear(widths[l], widths[l + 1], dtype: type);
            Initialization.Draw(layers[l].weight, layers[l].bias!, widths[l], random);
            register_module($"layer{l + 1}", layers[l]);
        }
    }

    /// <summary>The bias of the last layer.</summary>
    internal Parameter OutputBias => layers[^1].bias!;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var x = input.dim() == 2 ? input : input.flatten(0, -2);
        for (int l = 0; l < layers.Length; l++)
            x = layers[l].call(l == 0 ? x : activation.Apply(x));
        return input.dim() == 2 ? x : x.reshape([.. input.shape[..^1], -1]);
    }

    /// <inheritdoc/>
    public override OnnxValue Emit(IOnnxGraph graph, OnnxValue input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var x = input;
        for (int l = 0; l < layers.Length; l++)
        {
            x = l == 0 ? x : activation.Emit(graph, x);
            x = graph.Node(
                "Gemm",
                [x, Constant(graph, layers[l].weight), Constant(graph, layers[l].bias!)],
                OnnxArgument.Of("transB", 1));
        }
        return x;
    }
}
