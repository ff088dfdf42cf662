using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ProbML.Vae;

/// <summary>
/// Numbers to images: a perceptron, then 3×3 transposed convolutions of stride 2, the mirror of
/// <see cref="ConvolutionalEncoder"/>, and a bias for each pixel.
/// </summary>
internal sealed class ConvolutionalDecoder : EmittedModule
{
    private readonly ImageShape[] shapes;
    private readonly Parameter[] weights;
    private readonly Parameter[] biases;
    private readonly Activation activation;
    private readonly Mlp stem;
    private readonly long[]? pixels;
    private readonly Parameter bias;

    /// <param name="inputs">The number of inputs.</param>
    /// <param name="shape">The images: so many channels for each parameter of a pixel's distribution.</param>
    /// <param name="architecture">Filters and hidden layers, as the encoder has them.</param>
    /// <param name="pixels">Which outputs are wanted, where not all are.</param>
    /// <param name="bias">The first biases of the outputs.</param>
    /// <param name="random">Where the weights come from.</param>
    public ConvolutionalDecoder(
        int inputs,
        ImageShape shape,
        ConvolutionalArchitecture architecture,
        long[]? pixels,
        float[] bias,
        Generator random)
        : base(nameof(ConvolutionalDecoder))
    {
        activation = architecture.Activation;
        this.pixels = pixels;
        var up = new List<ImageShape> { shape };
        foreach (int filters in architecture.Filters)
            up.Add(up[^1].Halved(filters));
        up.Reverse();
        shapes = [.. up];
        stem = new Mlp(inputs, [.. architecture.Hidden.Reverse()], shapes[0].Count, activation, random);
        register_module("stem", stem);
        (weights, biases) = (new Parameter[shapes.Length - 1], new Parameter[shapes.Length - 1]);
        for (int l = 0; l < weights.Length; l++)
        {
            int inner = shapes[l].Channels, outer = shapes[l + 1].Channels;
            weights[l] = Learned($"weight{l + 1}", empty(inner, outer, 3, 3));
            biases[l] = Learned($"bias{l + 1}", empty(outer));
            Initialization.Draw(weights[l], biases[l], 9L * inner, random);
        }
        if (pixels is not null)
            register_buffer("places", tensor(pixels).DetachFromDisposeScope());
        this.bias = Learned(nameof(bias), tensor(bias));
    }

    public override Tensor forward(Tensor input)
    {
        var z = input.dim() == 2 ? input : input.flatten(0, -2);
        var x = stem.call(z).reshape(-1, shapes[0].Channels, shapes[0].Height, shapes[0].Width);
        for (int l = 0; l < weights.Length; l++)
        {
            var (height, width) = Padding(l);
            x = functional.conv_transpose2d(
                activation.Apply(x), weights[l], biases[l], [2, 2], [1, 1], [height, width]);
        }
        x = x.flatten(1);
        if (pixels is not null)
            x = x.index_select(1, get_buffer("places")!);
        x = x + bias;
        return input.dim() == 2 ? x : x.reshape([.. input.shape[..^1], -1]);
    }

    public override OnnxValue Emit(IOnnxGraph graph, OnnxValue input)
    {
        long[] shape = [-1, shapes[0].Channels, shapes[0].Height, shapes[0].Width];
        var x = graph.Node("Reshape", [stem.Emit(graph, input), graph.Constant(shape, [4])]);
        for (int l = 0; l < weights.Length; l++)
        {
            var (height, width) = Padding(l);
            x = graph.Node(
                "ConvTranspose",
                [activation.Emit(graph, x), Constant(graph, weights[l]), Constant(graph, biases[l])],
                OnnxArgument.Of("kernel_shape", [3, 3L]),
                OnnxArgument.Of("strides", [2, 2L]),
                OnnxArgument.Of("pads", [1, 1, 1, 1L]),
                OnnxArgument.Of("output_padding", [height, width]));
        }
        x = graph.Node("Flatten", [x], OnnxArgument.Of("axis", 1));
        if (pixels is not null)
            x = graph.Node("Gather", [x, graph.Constant(pixels, [pixels.Length])], OnnxArgument.Of("axis", 1));
        return graph.Node("Add", [x, Constant(graph, bias)]);
    }

    private Parameter Learned(string name, Tensor start)
    {
        var parameter = new Parameter(start);
        parameter.DetachFromDisposeScope();
        register_parameter(name, parameter);
        return parameter;
    }

    /// <summary>What an even size has more than twice the size below it less one.</summary>
    private (long Height, long Width) Padding(int layer) =>
        (1 - shapes[layer + 1].Height % 2, 1 - shapes[layer + 1].Width % 2);
}
