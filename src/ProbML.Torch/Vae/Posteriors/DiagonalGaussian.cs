using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Vae;

/// <summary>N(μ, diag σ²), with μ and ln σ² of shape [..., k].</summary>
/// <param name="Mean">μ.</param>
/// <param name="LogVariance">ln σ².</param>
public sealed record DiagonalGaussian(Tensor Mean, Tensor LogVariance) : IPosterior
{
    private static readonly Scalar Half = Scalars.Of(0.5);
    private static readonly Scalar MinusHalf = Scalars.Of(-0.5);
    private static readonly Scalar One = Scalars.Of(1);

    /// <inheritdoc/>
    public long Dimension => Mean.size(-1);

    /// <summary>z = μ + σ ε, differentiable in μ and σ.</summary>
    /// <remarks>Kingma &amp; Welling (2014), §2.4.</remarks>
    public Tensor Sample(Tensor noise) => Mean.Plus((LogVariance * Half).exp() * noise);

    /// <inheritdoc/>
    public (Tensor Value, Tensor LogDensity) Draw(Tensor noise) =>
        (Sample(noise), noise.square().Plus(LogVariance).sum(-1) * MinusHalf - NormalConstant.Of(Dimension));

    /// <summary>ln N(z; μ, diag σ²), [...].</summary>
    /// <param name="z">[..., k].</param>
    public Tensor LogDensity(Tensor z) =>
        ((z - Mean).square() * (-LogVariance).exp()).Plus(LogVariance).sum(-1) * MinusHalf - NormalConstant.Of(Dimension);

    /// <summary>KL(q ‖ N(0, I)) = ½ Σ (μ² + σ² − 1 − ln σ²), [...].</summary>
    /// <remarks>Kingma &amp; Welling (2014), appendix B.</remarks>
    public Tensor KlToStandardNormal() => KlTerms().sum(-1);

    /// <summary>½ (μ² + σ² − 1 − ln σ²) of each dimension, [..., k].</summary>
    public Tensor KlTerms() => (Mean.square().Plus(LogVariance.exp()) - One - LogVariance) * Half;

    Tensor? IPosterior.KlTerms() => KlTerms();

    /// <summary>KL(q ‖ p) of each dimension: ½ (ln σₚ² − ln σ_q² + (σ_q² + (μ_q − μₚ)²)/σₚ² − 1), [..., k].</summary>
    /// <param name="p">The distribution to diverge from.</param>
    public Tensor KlTermsTo(DiagonalGaussian p)
    {
        ArgumentNullException.ThrowIfNull(p);
        return ((p.LogVariance - LogVariance)
            .Plus(LogVariance.exp().Plus((Mean - p.Mean).square()) * (-p.LogVariance).exp()) - One) * Half;
    }

    /// <summary>KL(q ‖ p), [...].</summary>
    /// <param name="p">The distribution to diverge from.</param>
    public Tensor KlTo(DiagonalGaussian p) => KlTermsTo(p).sum(-1);
}
