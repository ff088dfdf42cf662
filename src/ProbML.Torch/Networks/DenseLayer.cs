using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>x Wᵀ + b, [n, inputs] to [n, outputs].</summary>
public sealed class DenseLayer : nn.Module<Tensor, Tensor>, IOnnxModule, ITrainingLayer
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private bool bfloat16Products;

    /// <summary>Makes the layer.</summary>
    /// <param name="inputs">Numbers in.</param>
    /// <param name="outputs">Numbers out.</param>
    /// <param name="random">Draws the first weights.</param>
    /// <param name="initialization">How they begin.</param>
    /// <param name="hasBias">Whether there is a b.</param>
    public DenseLayer(
        long inputs,
        long outputs,
        Generator random,
        WeightInitialization initialization = WeightInitialization.FanIn,
        bool hasBias = true)
        : base(nameof(DenseLayer))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        weight = Initial.Weight(initialization, random, inputs, outputs, outputs, inputs);
        bias = hasBias ? Initial.Bias(initialization, random, inputs, outputs) : null;
        RegisterComponents();
    }

    /// <summary>W, [outputs, inputs].</summary>
    public Parameter Weight => weight;

    /// <summary>b, [outputs]; null: there is none.</summary>
    public Parameter? Bias => bias;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (!bfloat16Products)
            return nn.functional.linear(input, weight, bias);
        var product = nn.functional.linear(input.to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16))
            .to(input.dtype);
        return bias is null ? product : product.Plus(bias);
    }

    /// <inheritdoc/>
    public OnnxValue Emit(IOnnxGraph graph, OnnxValue input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var w = graph.Constant(weight, "weight");
        return bias is null
            ? graph.Node("Gemm", [input, w], OnnxArgument.Of("transB", 1L))
            : graph.Node("Gemm", [input, w, graph.Constant(bias, "bias")], OnnxArgument.Of("transB", 1L));
    }

    /// <inheritdoc/>
    public void BeginTraining(Generator random, bool bfloat16Products) => this.bfloat16Products = bfloat16Products;

    /// <inheritdoc/>
    public void EndTraining() => bfloat16Products = false;
}
