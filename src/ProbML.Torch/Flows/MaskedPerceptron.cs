using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>A perceptron whose outputs for column j see the columns of lower degree, and the context, alone.</summary>
/// <remarks>
/// Germain et al. (2015), §4: a unit of degree m sees inputs of degree ≤ m, an output of degree k units of degree &lt; k.
/// Units' degrees go round 1 to d − 1; with a context, which has degree 0, from 0, so that every column sees it.
/// </remarks>
internal sealed class MaskedPerceptron : nn.Module<Tensor, Tensor>, IOnnxModule
{
    private readonly List<MaskedLayer> hidden = [];
    private readonly MaskedLayer output;
    private readonly Activation activation;
    private readonly bool isResidual;

    /// <param name="degrees">Of the columns, [d].</param>
    /// <param name="seen">Of the inputs before the context: of the columns, or of functions of them.</param>
    /// <param name="contextSize">Inputs after the columns.</param>
    /// <param name="parameters">Outputs a column, P: those of column j are jP to jP + P − 1.</param>
    /// <param name="options">The hidden layers.</param>
    /// <param name="random">Draws the first weights.</param>
    /// <param name="last">How the last layer begins.</param>
    public MaskedPerceptron(
        int[] degrees, int[] seen, int contextSize, int parameters, MultilayerPerceptronOptions options, Generator random,
        WeightInitialization last)
        : base(nameof(MaskedPerceptron))
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.LayerNormalization || options.Dropout > 0)
            throw new ArgumentException(
                "A masked network takes neither layer normalization, which would mix the columns, nor dropout.", nameof(options));
        (activation, isResidual) = (options.Activation, options.Residual);
        int d = degrees.Length, least = contextSize > 0 || d == 1 ? 0 : 1;
        int[] before = [.. seen, .. Enumerable.Repeat(0, contextSize)];
        foreach (int size in options.HiddenSizes)
        {
            int[] units = [.. Enumerable.Range(0, size).Select(unit => unit % (d - least) + least)];
            var layer = new MaskedLayer(before, units, (from, to) => to >= from, random, options.Initialization);
            hidden.Add(layer);
            register_module($"hidden{hidden.Count}", layer);
            before = units;
        }
        int[] outputs = [.. degrees.SelectMany(degree => Enumerable.Repeat(degree, parameters))];
        output = new(before, outputs, (from, to) => to > from, random, last);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = input;
        foreach (var layer in hidden)
        {
            var h = activation.Apply(layer.call(x));
            x = isResidual && layer.IsSquare ? x.Plus(h) : h;
        }
        return output.call(x);
    }

    public OnnxValue Emit(IOnnxGraph graph, OnnxValue input)
    {
        var x = input;
        foreach (var layer in hidden)
        {
            var h = activation.Emit(graph, layer.Emit(graph, x));
            x = isResidual && layer.IsSquare ? graph.Node("Add", [x, h]) : h;
        }
        return output.Emit(graph, x);
    }
}
