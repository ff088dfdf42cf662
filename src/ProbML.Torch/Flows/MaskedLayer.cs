using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>x (M ∘ W)ᵀ + b, [n, inputs] to [n, outputs], with a mask M of zeros and ones.</summary>
internal sealed class MaskedLayer : nn.Module<Tensor, Tensor>, IOnnxModule, ITrainingLayer
{
    private readonly Parameter weight;
    private readonly Parameter bias;

    private bool bfloat16Products;

    /// <param name="from">Degrees of the inputs.</param>
    /// <param name="to">Degrees of the outputs.</param>
    /// <param name="sees">Whether an output of a degree (the second) sees an input of a degree.</param>
    /// <param name="random">Draws the first weights.</param>
    /// <param name="initialization">How they begin.</param>
    public MaskedLayer(
        int[] from, int[] to, Func<int, int, bool> sees, Generator random, WeightInitialization initialization)
        : base(nameof(MaskedLayer))
    {
        IsSquare = from.SequenceEqual(to);
        weight = Initial.Weight(initialization, random, from.Length, to.Length, to.Length, from.Length);
        bias = Initial.Bias(initialization, random, from.Length, to.Length);
        float[] entries = [.. to.SelectMany(out1 => from.Select(in1 => sees(in1, out1) ? 1f : 0f))];
        register_buffer("mask", tensor(entries).reshape(to.Length, from.Length).DetachFromDisposeScope());
        RegisterComponents();
    }

    /// <summary>Whether inputs and outputs have the same degrees, so that one can be added to the other.</summary>
    public bool IsSquare { get; }

    public override Tensor forward(Tensor input)
    {
        var masked = weight * get_buffer("mask")!;
        if (!bfloat16Products)
            return nn.functional.linear(input, masked, bias);
        return nn.functional.linear(input.to(ScalarType.BFloat16), masked.to(ScalarType.BFloat16)).to(input.dtype).Plus(bias);
    }

    public OnnxValue Emit(IOnnxGraph graph, OnnxValue input)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return graph.Node(
            "Gemm",
            [input, graph.Constant(weight * get_buffer("mask")!, "weight"), graph.Constant(bias, "bias")],
            OnnxArgument.Of("transB", 1L));
    }

    public void BeginTraining(Generator random, bool bfloat16Products) => this.bfloat16Products = bfloat16Products;

    public void EndTraining() => bfloat16Products = false;
}
