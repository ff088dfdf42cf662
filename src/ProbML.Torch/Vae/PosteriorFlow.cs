using ProbML.Flows;
using TorchSharp;

namespace ProbML.Vae;

/// <summary>
/// Makes a posterior of any shape of the Gaussian one: z = f(z₀; x) with z₀ ~ q₀(z₀ | x), whose density is
/// ln q(z | x) = ln q₀(z₀ | x) − ln |det ∂f/∂z₀|.
/// </summary>
/// <remarks>Rezende &amp; Mohamed (2015), §4. The encoder gives the numbers of f beside those of q₀.</remarks>
public abstract record PosteriorFlow
{
    private protected PosteriorFlow(int layers) => Layers = layers;

    /// <summary>How many maps f is made of, T; at least 1.</summary>
    public int Layers { get; init; }

    /// <summary>How many numbers of the encoder f takes a row.</summary>
    internal abstract int ContextSize(int dimension);

    /// <summary>f, of which the context is those numbers.</summary>
    internal abstract BijectionChain Create(int dimension, torch.Generator random);

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range; the message names it.</exception>
    internal virtual void Validate() => Check(Layers, nameof(Layers));

    private protected static void Check(int number, string name)
    {
        if (number is < 1 or > 1024)
            throw new ArgumentOutOfRangeException(name, $"{name} of a posterior flow must lie between 1 and 1024, but is {number}.");
    }
}

/// <summary>Planar maps z + v̂ tanh(wᵀz + b), w, v and b of each from the encoder: 2 k + 1 numbers a layer.</summary>
/// <remarks>Rezende &amp; Mohamed (2015), §4.1. Each bends along one direction: many layers, or few latent dimensions.</remarks>
public sealed record PlanarPosterior : PosteriorFlow
{
    /// <summary>Eight layers.</summary>
    public PlanarPosterior()
        : base(8)
    {
    }

    internal override int ContextSize(int dimension) => Layers * AmortizedPlanar.NumberCount(dimension);

    internal override BijectionChain Create(int dimension, torch.Generator random) => new(
        [.. Enumerable.Range(0, Layers).Select(l => new AmortizedPlanar(dimension, l * AmortizedPlanar.NumberCount(dimension)))]);
}

/// <summary>
/// Sylvester maps z + Q R tanh(R̃ Qᵀ z + b), Q a product of Householder reflections, all from the encoder:
/// k (H + k + 2) numbers a layer.
/// </summary>
/// <remarks>van den Berg et al. (2018), §4.2. Each bends along all k directions.</remarks>
public sealed record SylvesterPosterior : PosteriorFlow
{
    /// <summary>Four layers.</summary>
    public SylvesterPosterior()
        : base(4)
    {
    }

    /// <summary>H, the reflections of a layer, at least 1; more than k are no more than k.</summary>
    public int Reflections { get; init; } = 8;

    internal override int ContextSize(int dimension) => Layers * NumberCount(dimension);

    internal override BijectionChain Create(int dimension, torch.Generator random) => new(
        [.. Enumerable.Range(0, Layers).Select(l =>
            new AmortizedSylvester(dimension, Math.Min(Reflections, dimension), l * NumberCount(dimension)))]);

    internal override void Validate()
    {
        base.Validate();
        Check(Reflections, nameof(Reflections));
    }

    private int NumberCount(int dimension) => AmortizedSylvester.NumberCount(dimension, Math.Min(Reflections, dimension));
}

/// <summary>
/// Inverse autoregressive maps zⱼ eˢ + m, s and m of each from a masked network of the dimensions before it and of numbers
/// h that the encoder gives; the order turns round from layer to layer.
/// </summary>
/// <remarks>Kingma et al. (2016), §3 and algorithm 1; |s| ≤ 2 by a tanh.</remarks>
public sealed record InverseAutoregressivePosterior : PosteriorFlow
{
    /// <summary>Two layers.</summary>
    public InverseAutoregressivePosterior()
        : base(2)
    {
    }

    /// <summary>Units of the hidden layers of each masked network.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64];

    /// <summary>The length of h, at least 1.</summary>
    public int EncoderContext { get; init; } = 32;

    internal override int ContextSize(int dimension) => EncoderContext;

    internal override BijectionChain Create(int dimension, torch.Generator random)
    {
        MultilayerPerceptronOptions network = new() { HiddenSizes = Hidden, Activation = Activation.Elu };
        int[] order = Autoregressive.NaturalOrder(dimension), back = [.. order.Reverse()];
        return new([.. Enumerable.Range(0, Layers).Select(l =>
            new Autoregressive(l % 2 == 0 ? order : back, new AffineTransform(), network, random, EncoderContext))]);
    }

    internal override void Validate()
    {
        base.Validate();
        Check(EncoderContext, nameof(EncoderContext));
        new MultilayerPerceptronOptions { HiddenSizes = Hidden }.Validate();
    }
}
