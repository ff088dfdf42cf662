using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ProbML.Vae;

/// <summary>Images to numbers: 3×3 convolutions of stride 2, each halving height and width, then a perceptron.</summary>
internal sealed class ConvolutionalEncoder : Module<Tensor, Tensor>, IOnnxModule
{
    private readonly ImageShape shape;
    private readonly ConvolutionLayer[] convolutions;
    private readonly Activation activation;
    private readonly MultilayerPerceptron tail;

    /// <param name="shape">The images, with one channel more for each channel's indicators of missing values.</param>
    /// <param name="architecture">Filters and hidden layers.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="random">Where the weights come from.</param>
    public ConvolutionalEncoder(
        ImageShape shape, ConvolutionalArchitecture architecture, int outputs, Generator random)
        : base(nameof(ConvolutionalEncoder))
    {
        this.shape = shape;
        activation = architecture.Activation;
        convolutions = new ConvolutionLayer[architecture.Filters.Count];
        var size = shape;
        for (int l = 0; l < convolutions.Length; l++)
        {
            int filters = architecture.Filters[l];
            convolutions[l] = ConvolutionLayer.Create(size.Channels, filters, 3, random, stride: 2, padding: 1);
            register_module($"convolution{l}", convolutions[l]);
            size = size.Halved(filters);
        }
        tail = new(size.Count, outputs, random, new() { HiddenSizes = architecture.Hidden, Activation = activation });
        register_module(nameof(tail), tail);
    }

    public override Tensor forward(Tensor input)
    {
        var x = input.reshape(-1, shape.Channels, shape.Height, shape.Width);
        foreach (var convolution in convolutions)
            x = activation.Apply(convolution.call(x));
        return tail.call(x.flatten(1));
    }

    public OnnxValue Emit(IOnnxGraph graph, OnnxValue input)
    {
        var x = graph.Node("Reshape", [input, graph.Constant([-1, shape.Channels, shape.Height, (long)shape.Width], [4])]);
        foreach (var convolution in convolutions)
            x = activation.Emit(graph, convolution.Emit(graph, x));
        return tail.Emit(graph, graph.Node("Flatten", [x], OnnxArgument.Of("axis", 1)));
    }
}
