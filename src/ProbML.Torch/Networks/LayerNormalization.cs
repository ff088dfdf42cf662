using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>γ (x − mean x) / √(var x + ε) + β over the last axis, [..., width].</summary>
/// <remarks>Ba, Kiros and Hinton (2016), eqs. 3 and 4; ε = 10⁻⁵.</remarks>
public sealed class LayerNormalization : nn.Module<Tensor, Tensor>, IOnnxModule
{
    private const double Epsilon = 1e-5;

    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly long width;

    /// <summary>Makes the layer, which begins as plain standardisation.</summary>
    public LayerNormalization(long width)
        : base(nameof(LayerNormalization))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        this.width = width;
        weight = Initial.Constant(1, width);
        bias = Initial.Constant(0, width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, [width], weight, bias, Epsilon);

    /// <summary>By primitives: LayerNormalization itself came with opset 17.</summary>
    /// <inheritdoc/>
    public OnnxValue Emit(IOnnxGraph graph, OnnxValue input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        OnnxValue Mean(OnnxValue x) => graph.Node("ReduceMean", [x], OnnxArgument.Of("axes", [-1L]));
        var centred = graph.Node("Sub", [input, Mean(input)]);
        var variance = Mean(graph.Node("Mul", [centred, centred]));
        var scale = graph.Node("Sqrt", [graph.Node("Add", [variance, graph.Constant([(float)Epsilon], [])])]);
        var standard = graph.Node("Div", [centred, scale]);
        return graph.Node(
            "Add",
            [graph.Node("Mul", [standard, graph.Constant(weight, "weight")]), graph.Constant(bias, "bias")]);
    }
}
