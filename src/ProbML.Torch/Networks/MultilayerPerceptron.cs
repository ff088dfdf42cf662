using static TorchSharp.torch;

namespace ProbML;

/// <summary>What a <see cref="MultilayerPerceptron"/> is made of.</summary>
public sealed record MultilayerPerceptronOptions
{
    /// <summary>The widths of the hidden layers; none: a linear map.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [64, 64];

    /// <summary>The function after each hidden layer.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>The function of the outputs.</summary>
    public Activation OutputActivation { get; init; } = Activation.Identity;

    /// <summary>Whether each hidden layer is normalized before its activation.</summary>
    public bool LayerNormalization { get; init; }

    /// <summary>The probability that a hidden unit is dropped in training, in [0, 1).</summary>
    public double Dropout { get; init; }

    /// <summary>Whether a hidden layer adds its input to its output, where both have one width. He et al. (2016), eq. 1.</summary>
    public bool Residual { get; init; }

    /// <summary>How weights begin.</summary>
    public WeightInitialization Initialization { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(HiddenSizes);
        foreach (int size in HiddenSizes)
        {
            if (size < 1)
                throw new ArgumentOutOfRangeException(
                    nameof(HiddenSizes), $"HiddenSizes must each be at least 1, but one is {size}.");
        }
        if (Dropout is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(Dropout), $"Dropout must lie in [0, 1), but is {Dropout}.");
    }
}

/// <summary>f(... f(x W₁ᵀ + b₁) ...) Wₖᵀ + bₖ, [n, inputs] to [n, outputs].</summary>
public sealed class MultilayerPerceptron : nn.Module<Tensor, Tensor>, IOnnxModule
{
    private readonly MultilayerPerceptronOptions options;
    private readonly List<Hidden> hidden = [];
    private readonly DenseLayer output;

    /// <summary>Makes the network.</summary>
    /// <param name="inputs">Numbers in.</param>
    /// <param name="outputs">Numbers out.</param>
    /// <param name="random">Draws the first weights.</param>
    /// <param name="options">The layers between.</param>
    public MultilayerPerceptron(
        long inputs, long outputs, Generator random, MultilayerPerceptronOptions? options = null)
        : base(nameof(MultilayerPerceptron))
    {
        this.options = options ?? new();
        this.options.Validate();
        long width = inputs;
        foreach (int size in this.options.HiddenSizes)
        {
            hidden.Add(new(
                new(width, size, random, this.options.Initialization),
                this.options.LayerNormalization ? new(size) : null,
                this.options.Dropout > 0 ? new(this.options.Dropout) : null,
                this.options.Residual && width == size));
            width = size;
        }
        output = new(width, outputs, random, this.options.Initialization);
        RegisterComponents();
        for (int i = 0; i < hidden.Count; i++)
        {
            register_module($"hidden{i}", hidden[i].Dense);
            if (hidden[i].Normalization is { } normalization)
                register_module($"normalization{i}", normalization);
            if (hidden[i].Dropout is { } dropout)
                register_module($"dropout{i}", dropout);
        }
    }

    /// <summary>The last layer.</summary>
    internal DenseLayer Output => output;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var x = input;
        foreach (var layer in hidden)
        {
            var h = layer.Dense.call(x);
            h = layer.Normalization?.call(h) ?? h;
            h = options.Activation.Apply(h);
            h = layer.Dropout?.call(h) ?? h;
            x = layer.IsResidual ? x.Plus(h) : h;
        }
        return options.OutputActivation.Apply(output.call(x));
    }

    /// <inheritdoc/>
    public OnnxValue Emit(IOnnxGraph graph, OnnxValue input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var x = input;
        foreach (var layer in hidden)
        {
            var h = layer.Dense.Emit(graph, x);
            h = layer.Normalization?.Emit(graph, h) ?? h;
            h = options.Activation.Emit(graph, h);
            x = layer.IsResidual ? graph.Node("Add", [x, h]) : h;
        }
        return options.OutputActivation.Emit(graph, output.Emit(graph, x));
    }

    private sealed record Hidden(
        DenseLayer Dense, LayerNormalization? Normalization, SeededDropout? Dropout, bool IsResidual);
}
