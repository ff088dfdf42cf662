using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>A two-dimensional convolution, [n, c, h, w] to [n, c′, h′, w′], h′ = ⌊(h + 2p − k) / s⌋ + 1.</summary>
/// <remarks>Transposed, it is the map whose matrix is that of a convolution transposed: h′ = (h − 1) s − 2p + k + o.</remarks>
public sealed class ConvolutionLayer : nn.Module<Tensor, Tensor>, IOnnxModule, ITrainingLayer
{
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly long kernel;
    private readonly long stride;
    private readonly long padding;
    private readonly long outputPadding;
    private readonly bool isTransposed;
    private bool bfloat16Products;

    private ConvolutionLayer(
        (long In, long Out) channels,
        (long Kernel, long Stride, long Padding, long OutputPadding) geometry,
        bool isTransposed,
        Generator random,
        WeightInitialization initialization)
        : base(nameof(ConvolutionLayer))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels.In, nameof(channels));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels.Out, nameof(channels));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(geometry.Kernel, nameof(kernel));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(geometry.Stride, nameof(stride));
        ArgumentOutOfRangeException.ThrowIfNegative(geometry.Padding, nameof(padding));
        ArgumentOutOfRangeException.ThrowIfNegative(geometry.OutputPadding, nameof(outputPadding));
        (kernel, stride, padding, outputPadding) = geometry;
        this.isTransposed = isTransposed;
        // As PyTorch counts them: of a transposed convolution, weight [in, out, k, k], the inputs are out k k.
        double area = kernel * kernel;
        double inputs = (isTransposed ? channels.Out : channels.In) * area;
        double outputs = (isTransposed ? channels.In : channels.Out) * area;
        weight = isTransposed
            ? Initial.Weight(initialization, random, inputs, outputs, channels.In, channels.Out, kernel, kernel)
            : Initial.Weight(initialization, random, inputs, outputs, channels.Out, channels.In, kernel, kernel);
        bias = Initial.Bias(initialization, random, inputs, channels.Out);
        RegisterComponents();
    }

    /// <summary>Makes a convolution.</summary>
    public static ConvolutionLayer Create(
        long inputChannels,
        long outputChannels,
        long kernel,
        Generator random,
        long stride = 1,
        long padding = 0,
        WeightInitialization initialization = WeightInitialization.FanIn) =>
        new((inputChannels, outputChannels), (kernel, stride, padding, 0), false, random, initialization);

    /// <summary>Makes a transposed convolution.</summary>
    /// <inheritdoc cref="Create"/>
    public static ConvolutionLayer Transposed(
        long inputChannels,
        long outputChannels,
        long kernel,
        Generator random,
        long stride = 1,
        long padding = 0,
        long outputPadding = 0,
        WeightInitialization initialization = WeightInitialization.FanIn) =>
        new((inputChannels, outputChannels), (kernel, stride, padding, outputPadding), true, random, initialization);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (!bfloat16Products)
            return Convolve(input, weight, bias);
        return Convolve(
            input.to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16), bias.to(ScalarType.BFloat16)).to(input.dtype);
    }

    /// <inheritdoc/>
    public OnnxValue Emit(IOnnxGraph graph, OnnxValue input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        OnnxValue[] inputs = [input, graph.Constant(weight, "weight"), graph.Constant(bias, "bias")];
        OnnxArgument[] geometry =
        [
            OnnxArgument.Of("kernel_shape", [kernel, kernel]),
            OnnxArgument.Of("strides", [stride, stride]),
            OnnxArgument.Of("pads", [padding, padding, padding, padding]),
        ];
        return isTransposed
            ? graph.Node(
                "ConvTranspose",
                inputs,
                [.. geometry, OnnxArgument.Of("output_padding", [outputPadding, outputPadding])])
            : graph.Node("Conv", inputs, geometry);
    }

    /// <inheritdoc/>
    public void BeginTraining(Generator random, bool bfloat16Products) => this.bfloat16Products = bfloat16Products;

    /// <inheritdoc/>
    public void EndTraining() => bfloat16Products = false;

    private Tensor Convolve(Tensor input, Tensor weights, Tensor biases) => isTransposed
        ? nn.functional.conv_transpose2d(
            input,
            weights,
            biases,
            strides: [stride, stride],
            padding: [padding, padding],
            output_padding: [outputPadding, outputPadding])
        : nn.functional.conv2d(input, weights, biases, strides: [stride, stride], padding: [padding, padding]);
}
