using static TorchSharp.torch;

namespace ProbML;

/// <summary>Changes parameters by their gradients, and has state that a checkpoint keeps.</summary>
internal abstract class StepRule : IDisposable
{
    /// <summary>Its state by name, tensors to be read or written in place.</summary>
    public abstract IEnumerable<(string Name, Tensor Value)> State { get; }

    /// <summary>Makes the rule for parameters that are on their device already.</summary>
    public static StepRule Create(TrainingOptions options, NamedTensors parameters) => options.Optimizer switch
    {
        AdamOptimizer adam => new AdamRule(adam, options.WeightDecay, parameters),
        SgdOptimizer sgd => new SgdRule(sgd, options.WeightDecay, parameters),
        _ => throw new NotSupportedException($"{options.Optimizer.GetType().Name} takes no single steps."),
    };

    /// <summary>One step, under no_grad.</summary>
    /// <param name="touched">The places of the parameters that have gradients.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    public abstract void Step(ReadOnlySpan<int> touched, Tensor[] gradients, double learningRate);

    public void Dispose()
    {
        foreach (var (_, value) in State)
            value.Dispose();
    }

    /// <summary>Those of the tensors that have gradients.</summary>
    protected static Tensor[] Pick(Tensor[] all, ReadOnlySpan<int> touched)
    {
        if (touched.Length == all.Length)
            return all;
        var some = new Tensor[touched.Length];
        for (int i = 0; i < some.Length; i++)
            some[i] = all[touched[i]];
        return some;
    }
}

/// <summary>Adam's and AdamW's step.</summary>
internal sealed class AdamRule : StepRule
{
    private readonly AdamOptimizer rule;
    private readonly double decay;
    private readonly NamedTensors parameters;
    private readonly NamedTensors means;
    private readonly NamedTensors squares;
    private readonly NamedTensors steps;

    public AdamRule(AdamOptimizer rule, double decay, NamedTensors parameters)
    {
        (this.rule, this.decay, this.parameters) = (rule, decay, parameters);
        means = parameters.Map("mean.", value => zeros_like(value));
        squares = parameters.Map("square.", value => zeros_like(value));
        steps = parameters.Map("step.", value => zeros(1, dtype: ScalarType.Float32, device: value.device).squeeze_());
    }

    public override IEnumerable<(string Name, Tensor Value)> State => [.. means, .. squares, .. steps];

    public override void Step(ReadOnlySpan<int> touched, Tensor[] gradients, double learningRate) =>
        FusedKernels.Adam(
            rule,
            new(
                Pick(parameters.Values, touched),
                gradients,
                Pick(means.Values, touched),
                Pick(squares.Values, touched),
                Pick(steps.Values, touched)),
            learningRate,
            decay);
}

/// <summary>The step of gradient descent with momentum.</summary>
internal sealed class SgdRule : StepRule
{
    private readonly SgdOptimizer rule;
    private readonly double decay;
    private readonly NamedTensors parameters;
    private readonly NamedTensors buffers;

    public SgdRule(SgdOptimizer rule, double decay, NamedTensors parameters)
    {
        (this.rule, this.decay, this.parameters) = (rule, decay, parameters);
        // From zero, b ← μ b + g begins with b = g, as it should: no first step is a special one.
        buffers = rule.Momentum > 0 ? parameters.Map("momentum.", value => zeros_like(value)) : NamedTensors.None;
    }

    public override IEnumerable<(string Name, Tensor Value)> State => buffers;

    public override void Step(ReadOnlySpan<int> touched, Tensor[] gradients, double learningRate) =>
        FusedKernels.Sgd(
            rule,
            Pick(parameters.Values, touched),
            gradients,
            rule.Momentum > 0 ? Pick(buffers.Values, touched) : [],
            learningRate,
            decay,
            first: false);
}
