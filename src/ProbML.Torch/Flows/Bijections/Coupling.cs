using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>u_A = x_A, u_B = τ(x_B; θ(x_A)): some columns pass, and say how the others are transformed.</summary>
/// <remarks>
/// Dinh, Sohl-Dickstein &amp; Bengio (2017), §3.2, with <see cref="AffineTransform"/>; Durkan et al. (2019) with a spline. The
/// network's last layer begins at 0, so the bijection as the identity.
/// </remarks>
public sealed class Coupling : Bijection
{
    private readonly ElementTransform transform;
    private readonly MultilayerPerceptron conditioner;
    private readonly long[] kept;
    private readonly long[] changed;
    private readonly long[] back;
    private readonly CircularColumns? circles;

    /// <summary>Makes the identity.</summary>
    /// <param name="passes">Which columns pass, [d]: one at least (but with a context), and not all.</param>
    /// <param name="transform">τ.</param>
    /// <param name="network">The network of θ.</param>
    /// <param name="random">Draws its first weights.</param>
    /// <param name="contextSize">The numbers that θ is given besides, c.</param>
    /// <param name="circles">Which columns are angles; null: none.</param>
    /// <exception cref="ArgumentException">All columns pass, or none.</exception>
    public Coupling(
        IReadOnlyList<bool> passes,
        ElementTransform transform,
        MultilayerPerceptronOptions network,
        Generator random,
        int contextSize = 0,
        CircularColumns? circles = null)
        : base((passes ?? throw new ArgumentNullException(nameof(passes))).Count, nameof(Coupling))
    {
        ArgumentNullException.ThrowIfNull(transform);
        transform.Validate();
        this.circles = circles;
        kept = [.. Enumerable.Range(0, Dimension).Where(j => passes[j]).Select(j => (long)j)];
        changed = [.. Enumerable.Range(0, Dimension).Where(j => !passes[j]).Select(j => (long)j)];
        if (changed.Length == 0 || kept.Length + contextSize == 0)
            throw new ArgumentException(
                $"Of {Dimension} columns {kept.Length} pass: one at least must, and one must not.", nameof(passes));
        this.transform = circles is null ? transform : circles.Through(transform, changed);
        back = new long[Dimension];
        for (int j = 0; j < Dimension; j++)
            back[j < kept.Length ? kept[j] : changed[j - kept.Length]] = j;
        int seen = circles is null ? kept.Length : circles.SeenColumns(kept).Length;
        conditioner = new(seen + contextSize, changed.Length * this.transform.ParameterCount, random, network);
        using var none = no_grad();
        conditioner.Output.Weight.zero_();
        conditioner.Output.Bias!.zero_();
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context)
    {
        var passed = x.Columns(kept);
        var (moved, terms) = transform.Map(x.Columns(changed), Parameters(passed, context));
        return (Together(passed, moved), terms);
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context)
    {
        var passed = noise.Columns(kept);
        var (moved, terms) = transform.MapBack(noise.Columns(changed), Parameters(passed, context));
        return (Together(passed, moved), terms);
    }

    private FlowValue Parameters(FlowValue passed, FlowValue? context) =>
        (kept.Length == 0 ? context! : Beside(circles is null ? passed : circles.Seen(passed, kept), context))
            .Apply(conditioner).Split(changed.Length, transform.ParameterCount);

    private FlowValue Together(FlowValue passed, FlowValue moved) =>
        kept.Length == 0 ? moved : passed.Join(moved).Columns(back);
}
