using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>u = τₖ ∘ … ∘ τ₁(y) of one number y, the parameters of every τ from one network of the context.</summary>
/// <remarks>A density p(y | x) whose distribution function is that of u at f(y; x): its quantiles are f⁻¹ of u's.</remarks>
public sealed class ContextualTransform : Bijection
{
    private readonly IReadOnlyList<ElementTransform> transforms;
    private readonly MultilayerPerceptron conditioner;

    /// <summary>Makes the identity.</summary>
    /// <param name="transforms">τ₁, …, τₖ.</param>
    /// <param name="contextSize">The numbers of the context, c.</param>
    /// <param name="network">The network.</param>
    /// <param name="random">Draws its first weights.</param>
    public ContextualTransform(
        IReadOnlyList<ElementTransform> transforms, int contextSize, MultilayerPerceptronOptions network, Generator random)
        : base(1, nameof(ContextualTransform))
    {
        ArgumentNullException.ThrowIfNull(transforms);
        ArgumentOutOfRangeException.ThrowIfZero(transforms.Count, nameof(transforms));
        foreach (var transform in transforms)
            transform.Validate();
        this.transforms = [.. transforms];
        conditioner = new(contextSize, transforms.Sum(transform => transform.ParameterCount), random, network);
        using var none = no_grad();
        conditioner.Output.Weight.zero_();
        conditioner.Output.Bias!.zero_();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsTriangular => true;

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context)
    {
        var parameters = Parameters(context, 1);
        FlowValue? total = null;
        for (int l = 0, start = 0; l < transforms.Count; start += transforms[l++].ParameterCount)
        {
            (x, var terms) = transforms[l].Map(x, parameters.Narrow(2, start, transforms[l].ParameterCount));
            total = total is null ? terms : total + terms;
        }
        return (x, total);
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context) =>
        MapBackEach(noise, context, 1);

    /// <summary>y of several u of each row, whose parameters are computed once: [n, count].</summary>
    internal (FlowValue Data, FlowValue? Terms) MapBackEach(FlowValue noise, FlowValue? context, int count)
    {
        var parameters = Parameters(context, count);
        FlowValue? total = null;
        for (int l = transforms.Count - 1, end = transforms.Sum(one => one.ParameterCount); l >= 0; l--)
        {
            end -= transforms[l].ParameterCount;
            (noise, var terms) = transforms[l].MapBack(noise, parameters.Narrow(2, end, transforms[l].ParameterCount));
            total = total is null ? terms : total + terms;
        }
        return (noise, total);
    }

    private FlowValue Parameters(FlowValue? context, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        var row = context.Apply(conditioner).Split(1, transforms.Sum(transform => transform.ParameterCount));
        return count == 1 ? row : row.Repeat(count);
    }
}
