using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>u_j = τ(x_j; θ_j(columns of lower degree)): one masked network gives the parameters of all columns.</summary>
/// <remarks>
/// Germain et al. (2015), §4; Papamakarios, Pavlakou &amp; Murray (2017) with <see cref="StandardisingTransform"/>; Durkan et al.
/// (2019), §3.2, with a spline. A density is one pass; the inverse fills one degree a pass.
/// </remarks>
public sealed class Autoregressive : Bijection
{
    private readonly ElementTransform transform;
    private readonly MaskedPerceptron conditioner;
    private readonly int[] degrees;
    private readonly CircularColumns? circles;
    private readonly long[] all;

    /// <summary>Makes the identity: the network's last layer begins at 0.</summary>
    /// <param name="degrees">The place of each column in the order, [d]: 1 to d, each once.</param>
    /// <param name="transform">τ.</param>
    /// <param name="network">The network of θ; neither normalization nor dropout.</param>
    /// <param name="random">Draws its first weights.</param>
    /// <param name="contextSize">The numbers that θ is given besides, c.</param>
    /// <param name="circles">Which columns are angles; null: none.</param>
    /// <exception cref="ArgumentException">The degrees are no order.</exception>
    public Autoregressive(
        IReadOnlyList<int> degrees,
        ElementTransform transform,
        MultilayerPerceptronOptions network,
        Generator random,
        int contextSize = 0,
        CircularColumns? circles = null)
        : this(degrees, transform, network, random, WeightInitialization.Zero, contextSize, circles)
    {
    }

    /// <summary>The same with a last layer that begins otherwise.</summary>
    internal Autoregressive(
        IReadOnlyList<int> degrees,
        ElementTransform transform,
        MultilayerPerceptronOptions network,
        Generator random,
        WeightInitialization last,
        int contextSize = 0,
        CircularColumns? circles = null)
        : base((degrees ?? throw new ArgumentNullException(nameof(degrees))).Count, nameof(Autoregressive))
    {
        ArgumentNullException.ThrowIfNull(transform);
        if (!degrees.Order().SequenceEqual(Enumerable.Range(1, degrees.Count)))
            throw new ArgumentException(
                $"Degrees must hold each of 1 to {degrees.Count} once, but are {string.Join(", ", degrees)}.", nameof(degrees));
        transform.Validate();
        this.degrees = [.. degrees];
        this.circles = circles;
        all = [.. Enumerable.Range(0, Dimension).Select(j => (long)j)];
        this.transform = circles is null ? transform : circles.Through(transform, all);
        int[] seen = circles is null ? this.degrees : [.. circles.SeenColumns(all).Select(column => degrees[(int)column])];
        conditioner = new(this.degrees, seen, contextSize, this.transform.ParameterCount, network, random, last);
        register_buffer("places", tensor(this.degrees.Select(degree => degree - 1.5f).ToArray()).unsqueeze(0).DetachFromDisposeScope());
        RegisterComponents();
    }

    /// <summary>The columns in their own order: degrees 1, …, d.</summary>
    public static int[] NaturalOrder(int dimension) => [.. Enumerable.Range(1, dimension)];

    /// <inheritdoc/>
    public override bool IsTriangular => degrees.SequenceEqual(NaturalOrder(Dimension));

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context) =>
        transform.Map(x, Parameters(x, context));

    /// <inheritdoc/>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context)
    {
        // A column that is not known yet stays 0: what it would be could overflow, and 0 times that is no number.
        var degree = noise.Lift(get_buffer("places")!);
        var data = noise.Zeros().Iterate(Dimension, (iteration, known) =>
            degree.IsAtLeast(iteration).Where(0, transform.MapBack(noise, Parameters(known, context)).Data));
        var (_, terms) = transform.MapBack(noise, Parameters(data, context));
        return (data, terms);
    }

    private FlowValue Parameters(FlowValue x, FlowValue? context) =>
        Beside(circles is null ? x : circles.Seen(x, all), context).Apply(conditioner).Split(Dimension, transform.ParameterCount);
}
