using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ProbML.Vae;

/// <summary>
/// Numbers to images: a perceptron, then 3×3 transposed convolutions of stride 2, the mirror of
/// <see cref="ConvolutionalEncoder"/>, and a bias for each pixel.
/// </summary>
/// <remarks>A transposed convolution doubles a size; where the size below came of an odd one, the last line is cut off.</remarks>
internal sealed class ConvolutionalDecoder : Module<Tensor, Tensor>, IOnnxModule
{
    private readonly ImageShape[] shapes;
    private readonly ConvolutionLayer[] convolutions;
    private readonly Activation activation;
    private readonly MultilayerPerceptron stem;
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
        stem = new(
            inputs,
            shapes[0].Count,
            random,
            new() { HiddenSizes = [.. architecture.Hidden.Reverse()], Activation = activation });
        register_module(nameof(stem), stem);
        convolutions = new ConvolutionLayer[shapes.Length - 1];
        for (int l = 0; l < convolutions.Length; l++)
        {
            convolutions[l] = ConvolutionLayer.Transposed(
                shapes[l].Channels, shapes[l + 1].Channels, 3, random, stride: 2, padding: 1, outputPadding: 1);
            register_module($"convolution{l}", convolutions[l]);
        }
        if (pixels is not null)
            register_buffer("places", tensor(pixels).DetachFromDisposeScope());
        this.bias = new Parameter(tensor(bias));
        this.bias.DetachFromDisposeScope();
        register_parameter(nameof(bias), this.bias);
    }

    public override Tensor forward(Tensor input)
    {
        var z = input.dim() == 2 ? input : input.flatten(0, -2);
        var x = stem.call(z).reshape(-1, shapes[0].Channels, shapes[0].Height, shapes[0].Width);
        for (int l = 0; l < convolutions.Length; l++)
        {
            var to = shapes[l + 1];
            x = convolutions[l].call(activation.Apply(x)).narrow(2, 0, to.Height).narrow(3, 0, to.Width);
        }
        x = x.flatten(1);
        if (pixels is not null)
            x = x.index_select(1, get_buffer("places")!);
        x = x.Plus(bias);
        return input.dim() == 2 ? x : x.reshape([.. input.shape[..^1], -1]);
    }

    public OnnxValue Emit(IOnnxGraph graph, OnnxValue input)
    {
        long[] shape = [-1, shapes[0].Channels, shapes[0].Height, shapes[0].Width];
        var x = graph.Node("Reshape", [stem.Emit(graph, input), graph.Constant(shape, [4])]);
        for (int l = 0; l < convolutions.Length; l++)
        {
            x = convolutions[l].Emit(graph, activation.Emit(graph, x));
            long[] end = [shapes[l + 1].Height, shapes[l + 1].Width];
            x = graph.Node(
                "Slice", [x, graph.Constant([0, 0L], [2]), graph.Constant(end, [2]), graph.Constant([2, 3L], [2])]);
        }
        x = graph.Node("Flatten", [x], OnnxArgument.Of("axis", 1));
        if (pixels is not null)
            x = graph.Node("Gather", [x, graph.Constant(pixels, [pixels.Length])], OnnxArgument.Of("axis", 1));
        return graph.Node("Add", [x, graph.Constant(bias, nameof(bias))]);
    }
}
