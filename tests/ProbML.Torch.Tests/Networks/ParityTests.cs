using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests;

/// <summary>Each block's graph, run by ONNX Runtime, gives what the block itself gives.</summary>
public sealed class ParityTests
{
    public static TheoryData<Activation> Activations => [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Activations_agree(Activation activation)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        var x = linspace(-30, 30, 601, dtype: ScalarType.Float32).reshape(601, 1);
        AssertParity(x, one => activation.Apply(one), (graph, one) => activation.Emit(graph, one), 2e-6);
    }

    public static TheoryData<string> Networks =>
        ["Linear", "NoBias", "Mlp", "Normalized", "Residual", "Everything", "Convolution", "Strided", "Transposed"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Networks_agree(string name)
    {
        TorchRuntime.EnsureLoaded();
        using var random = new Generator(4);
        using nn.Module<Tensor, Tensor> module = name switch
        {
            "Linear" => new DenseLayer(7, 3, random),
            "NoBias" => new DenseLayer(7, 3, random, WeightInitialization.XavierNormal, hasBias: false),
            "Mlp" => new MultilayerPerceptron(7, 3, random),
            "Normalized" => new MultilayerPerceptron(
                7, 3, random, new() { LayerNormalization = true, Activation = Activation.Gelu }),
            "Residual" => new MultilayerPerceptron(
                7, 3, random, new() { HiddenSizes = [16, 16, 8], Residual = true, Activation = Activation.Silu }),
            "Everything" => new MultilayerPerceptron(7, 3, random, new()
            {
                HiddenSizes = [16, 16],
                Residual = true,
                LayerNormalization = true,
                Dropout = 0.5,
                Activation = Activation.LeakyRelu,
                OutputActivation = Activation.Sigmoid,
                Initialization = WeightInitialization.KaimingNormal,
            }),
            "Convolution" => ConvolutionLayer.Create(2, 5, 3, random, padding: 1),
            "Strided" => ConvolutionLayer.Create(2, 5, 4, random, stride: 2, padding: 1),
            _ => ConvolutionLayer.Transposed(2, 5, 3, random, stride: 2, padding: 1, outputPadding: 1),
        };
        module.eval();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var x = module is ConvolutionLayer
            ? randn([4, 2, 8, 8], generator: random)
            : randn([33, 7], generator: random);
        AssertParity(x, module.call, ((IOnnxModule)module).Emit, 1e-5);
    }

    private static void AssertParity(
        Tensor x, Func<Tensor, Tensor> forward, Func<IOnnxGraph, OnnxValue, OnnxValue> emit, double tolerance)
    {
        var expected = forward(x).contiguous();
        var graph = new OnnxGraph();
        var value = emit(graph, graph.Input("x", OnnxElement.Single, [-1, .. x.shape[1..]]));
        graph.Output("y", value, OnnxElement.Single, [-1, .. expected.shape[1..]]);
        Assert.True(graph.Opset <= 12);
        using var session = new InferenceSession(graph.ToBytes());
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(
            MemoryMarshal.Cast<byte, float>(x.contiguous().bytes).ToArray(), x.shape);
        using var outputs = session.Run(options, ["x"], [input], ["y"]);
        Assert.Equal(expected.shape, outputs[0].GetTensorTypeAndShape().Shape);
        var actual = outputs[0].GetTensorDataAsSpan<float>();
        var wanted = MemoryMarshal.Cast<byte, float>(expected.bytes);
        for (int i = 0; i < wanted.Length; i++)
            Assert.Equal(wanted[i], actual[i], tolerance * Math.Max(1, Math.Abs(wanted[i])));
    }
}
