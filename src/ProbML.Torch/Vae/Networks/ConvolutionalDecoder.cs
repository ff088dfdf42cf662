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
    private readonly ConvTranspose2d[] convolutions;
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
        convolutions = new ConvTranspose2d[shapes.Length - 1];
        for (int l = 0; l < convolutions.Length; l++)
        {
            convolutions[l] = ConvTranspose2d(
                shapes[l].Channels, shapes[l + 1].Channels, (3, 3), (2, 2), (1, 1), output_padding: Padding(l));
            Initialization.Draw(convolutions[l].weight, convolutions[l].bias!, 9L * shapes[l].Channels, random);
            register_module($"convolution{l + 1}", convolutions[l]);
        }
        if (pixels is not null)
            register_buffer("pixels", tensor(pixels).DetachFromDisposeScope());
        this.bias = new Parameter(tensor(bias));
        this.bias.DetachFromDisposeScope();
        register_parameter("bias", this.bias);
    }

    public override Tensor forward(Tensor input)
    {
        var z = input.dim() == 2 ? input : input.flatten(0, -2);
        var x = stem.call(z).reshape(-1, shapes[0].Channels, shapes[0].Height, shapes[0].Width);
        foreach (var convolution in convolutions)
            x = convolution.call(activation.Apply(x));
        x = x.flatten(1);
        if (pixels is not null)
            x = x.index_select(1, get_buffer("pixels")!);
        x = x + bias;
        return input.dim() == 2 ? x : x.reshape([.. input.shape[..^1], -1]);
    }

    public override OnnxValue Emit(IOnnxGraph graph, OnnxValue input)
    {
        long[] shape = [-1, shapes[0].Channels, shapes[0].Height, shapes[0].Width];
        var x = graph.Node("Reshape", [stem.Emit(graph, input), graph.Constant(shape, [4])]);
        for (int l = 0; l < convolutions.Length; l++)
        {
            var (height, width) = Padding(l);
            x = graph.Node(
                "ConvTranspose",
                [activation.Emit(graph, x), Constant(graph, convolutions[l].weight), Constant(graph, convolutions[l].bias!)],
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

    /// <summary>What an even size has more than twice the size below it less one.</summary>
    private (long Height, long Width) Padding(int layer) =>
        (1 - shapes[layer + 1].Height % 2, 1 - shapes[layer + 1].Width % 2);
}
