using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ProbML.Vae;

/// <summary>
/// A deep latent Gaussian model and its inference: p(x, z₁, …, z_L) = p(x | z₁) p(z₁ | z₂) … p(z_L) with p(z_L) = N(0, I),
/// and q(z₁ | x) q(z₂ | z₁) … q(z_L | z_{L−1}). One stochastic layer, L = 1, is the variational autoencoder.
/// </summary>
/// <remarks>Kingma &amp; Welling (2014); Rezende, Mohamed &amp; Wierstra (2014); Burda, Grosse &amp; Salakhutdinov (2016), §3.</remarks>
internal sealed class VaeNetwork : Module
{
    private static readonly Scalar MinusHalf = Scalars.Of(-0.5);
    private readonly InputPreparation preparation;
    private readonly Module<Tensor, Tensor>[] encoders;
    private readonly Module<Tensor, Tensor>[] decoders;
    private readonly PosteriorFamily[] posteriors;

    /// <param name="preparation">Of the encoder's input.</param>
    /// <param name="head">Of the decoder's output.</param>
    /// <param name="posteriors">The families of q(z₁ | x), …, q(z_L | z_{L−1}).</param>
    /// <param name="encoders">The networks that give their parameters, from the data up, each an IOnnxModule.</param>
    /// <param name="decoders">Those that give p(x | z₁), p(z₁ | z₂), …: for z the mean and ln variance; likewise.</param>
    public VaeNetwork(
        InputPreparation preparation,
        LikelihoodHead head,
        PosteriorFamily[] posteriors,
        Module<Tensor, Tensor>[] encoders,
        Module<Tensor, Tensor>[] decoders)
        : base(nameof(VaeNetwork))
    {
        (this.preparation, Head, this.posteriors) = (preparation, head, posteriors);
        (this.encoders, this.decoders) = (encoders, decoders);
        register_module("preparation", preparation);
        register_module("likelihood", head);
        for (int l = 0; l < encoders.Length; l++)
        {
            register_module($"encoder{l + 1}", encoders[l]);
            register_module($"decoder{l + 1}", decoders[l]);
            if (posteriors[l].Flow is { } flow)
                register_module($"flow{l + 1}", flow);
        }
    }

    public LikelihoodHead Head { get; }

    public int LayerCount => encoders.Length;

    /// <summary>The dimensions of z₁, …, z_L.</summary>
    public IReadOnlyList<int> LatentSizes => [.. posteriors.Select(posterior => posterior.Dimension)];

    /// <summary>The families of q(z₁ | x), …, q(z_L | z_{L−1}).</summary>
    public IReadOnlyList<PosteriorFamily> Posteriors => posteriors;

    /// <summary>Noise for a pass: ε of each layer, [n, k], or [samples, n, k] where there are several.</summary>
    public Tensor[] Noise(long rows, int samples, Generator random, Device device, ScalarType type = ScalarType.Float32) =>
    [
        .. LatentSizes.Select(size => randn(
            samples == 1 ? [rows, size] : [samples, rows, size], dtype: type, device: device, generator: random)),
    ];

    /// <summary>Infers z from x with the noise given, and weighs both under the model.</summary>
    /// <param name="x">[n, d].</param>
    /// <param name="noise">As <see cref="Noise"/> gives it.</param>
    /// <param name="weighs">Whether the log ratios are wanted where the divergence is known without them.</param>
    public VaePass Run(Tensor x, Tensor[] noise, bool weighs)
    {
        var values = new Tensor[LayerCount];
        var logPosteriors = new Tensor?[LayerCount];
        var input = preparation.call(x);
        Tensor? klTerms = null;
        for (int l = 0; l < LayerCount; l++)
        {
            var posterior = posteriors[l].Of(encoders[l].call(l == 0 ? input : values[l - 1]));
            klTerms = LayerCount == 1 ? posterior.KlTerms() : null;
            if (klTerms is null || weighs)
                (values[l], logPosteriors[l]) = posterior.Draw(noise[l]);
            else
                values[l] = posterior.Sample(noise[l]);
        }
        var reconstruction = LogLikelihood(x, values[0]);
        if (klTerms is not null && !weighs)
            return new(reconstruction, [], klTerms);
        var ratios = new Tensor[LayerCount];
        for (int l = 0; l < LayerCount; l++)
            ratios[l] = LogPrior(l, values) - logPosteriors[l]!;
        return new(reconstruction, ratios, klTerms ?? stack([.. ratios.Select(OverSamples)], -1).neg());
    }

    /// <summary>ln p(x | z₁), [..., n].</summary>
    public Tensor LogLikelihood(Tensor x, Tensor z) => Head.LogDensity(x, decoders[0].call(z));

    /// <summary>Adds q(z_l | z_{l−1}), l from 1 and z₀ the row of features, to a graph: the family's numbers.</summary>
    public OnnxValue EmitEncoder(int layer, IOnnxGraph graph, OnnxValue input) =>
        Emit(encoders[layer - 1], graph, layer == 1 ? preparation.Emit(graph, input) : input);

    /// <summary>Adds p(x | z₁), or for l > 1 p(z_{l−1} | z_l), to a graph: the layout's parameters, or mean and ln variance.</summary>
    public OnnxValue EmitDecoder(int layer, IOnnxGraph graph, OnnxValue z)
    {
        var numbers = Emit(decoders[layer - 1], graph, z);
        return layer == 1 ? Head.Emit(graph, numbers) : numbers;
    }

    /// <summary>Drops the axis of samples, by their mean.</summary>
    public static Tensor OverSamples(Tensor perSample) => perSample.dim() == 2 ? perSample.mean([0L]) : perSample;

    private static OnnxValue Emit(Module network, IOnnxGraph graph, OnnxValue input) =>
        ((IOnnxModule)network).Emit(graph, input);

    private Tensor LogPrior(int layer, Tensor[] values)
    {
        var z = values[layer];
        if (layer == LayerCount - 1)
            return z.square().sum(-1) * MinusHalf - NormalConstant.Of(z.size(-1));
        var parameters = decoders[layer + 1].call(values[layer + 1]).chunk(2, -1);
        return new DiagonalGaussian(parameters[0], parameters[1]).LogDensity(z);
    }
}

/// <summary>What the bounds of a batch are made of.</summary>
/// <param name="Reconstruction">ln p(x | z₁), [n], or [samples, n].</param>
/// <param name="LogRatios">ln p(z_l | z_{l+1}) − ln q(z_l | z_{l−1}) of each layer, as the reconstruction; may be empty.</param>
/// <param name="KlTerms">Terms that add up to the divergence of q from the prior, [n, terms], an estimate if L > 1.</param>
internal sealed record VaePass(Tensor Reconstruction, Tensor[] LogRatios, Tensor KlTerms)
{
    /// <summary>E_q[ln p(x | z)] − KL(q ‖ p), [n].</summary>
    public Tensor Elbo() => VaeNetwork.OverSamples(Reconstruction) - KlTerms.sum(-1);

    /// <summary>ln p(x, z) − ln q(z | x), the divergence's part times β; as the reconstruction.</summary>
    public Tensor LogWeights(double beta = 1)
    {
        var total = LogRatios[0];
        foreach (var ratio in LogRatios.AsSpan(1))
            total = total.Plus(ratio);
        using var weight = Scalars.New(beta);
        return Reconstruction.Plus(beta == 1 ? total : total * weight);
    }

    /// <summary>ln 1/K Σ exp(log weights), the importance-weighted bound, [n].</summary>
    /// <remarks>Burda, Grosse &amp; Salakhutdinov (2016), eq. 8.</remarks>
    public Tensor ImportanceBound(double beta = 1)
    {
        var weights = LogWeights(beta);
        using var logCount = Scalars.New(Math.Log(weights.size(0)));
        return weights.dim() == 1 ? weights : weights.logsumexp(0) - logCount;
    }
}
