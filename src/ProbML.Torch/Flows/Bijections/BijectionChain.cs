using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>fₖ ∘ … ∘ f₁, whose log-determinants add.</summary>
public sealed class BijectionChain : Bijection
{
    private readonly Bijection[] parts;

    /// <summary>Joins bijections of one dimension, the first being the nearest to the data.</summary>
    /// <param name="parts">f₁, …, fₖ.</param>
    /// <exception cref="ArgumentException">There are none, or their dimensions differ.</exception>
    public BijectionChain(params IReadOnlyList<Bijection> parts)
        : base(Checked(parts)[0].Dimension, nameof(BijectionChain))
    {
        this.parts = [.. parts];
        for (int i = 0; i < this.parts.Length; i++)
            register_module($"part{i}", this.parts[i]);
    }

    /// <summary>f₁, …, fₖ.</summary>
    public IReadOnlyList<Bijection> Parts => parts;

    /// <inheritdoc/>
    public override bool IsTriangular => parts.All(part => part.IsTriangular);

    /// <inheritdoc/>
    public override void Initialize(Tensor x, Tensor? context = null)
    {
        foreach (var part in parts)
        {
            part.Initialize(x, context);
            x = part.Forward(x, context).Noise;
        }
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context)
    {
        var all = new List<FlowValue>();
        foreach (var part in parts)
        {
            (x, var terms) = part.Map(x, context);
            if (terms is not null)
                all.Add(terms);
        }
        return (x, Together(all));
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context)
    {
        var all = new List<FlowValue>();
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            (noise, var terms) = parts[i].MapBack(noise, context);
            if (terms is not null)
                all.Add(terms);
        }
        return (noise, Together(all));
    }

    /// <summary>Added by columns where those mean something, else beside each other: whoever wants the sum adds once.</summary>
    private FlowValue? Together(List<FlowValue> terms) => terms.Count == 0
        ? null
        : IsTriangular ? terms.Aggregate((total, next) => total + next)
        : terms[0].Join([.. terms.Skip(1)]);

    private static IReadOnlyList<Bijection> Checked(IReadOnlyList<Bijection> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0 || parts.Any(part => part.Dimension != parts[0].Dimension))
            throw new ArgumentException(
                $"Bijections to be joined must be of one dimension, but are of {string.Join(", ", parts.Select(part => part.Dimension))}.",
                nameof(parts));
        return parts;
    }
}
