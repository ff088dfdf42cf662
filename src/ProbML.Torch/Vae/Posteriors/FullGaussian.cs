using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Vae;

/// <summary>N(μ, L Lᵀ), with μ of shape [..., k] and L, lower triangular with a positive diagonal, [..., k, k].</summary>
/// <param name="Mean">μ.</param>
/// <param name="Factor">L, the Cholesky factor of the covariance.</param>
public sealed record FullGaussian(Tensor Mean, Tensor Factor) : IPosterior
{
    private static readonly Scalar Half = Scalars.Of(0.5);
    private static readonly Scalar MinusHalf = Scalars.Of(-0.5);

    /// <inheritdoc/>
    public long Dimension => Mean.size(-1);

    /// <summary>z = μ + L ε.</summary>
    public Tensor Sample(Tensor noise) => Mean.Plus(Factor.matmul(noise.unsqueeze(-1)).squeeze(-1));

    /// <inheritdoc/>
    public (Tensor Value, Tensor LogDensity) Draw(Tensor noise) =>
        (Sample(noise), noise.square().sum(-1) * MinusHalf - LogDeterminant() - NormalConstant.Of(Dimension));

    /// <summary>ln N(z; μ, L Lᵀ) = −½ |L⁻¹(z − μ)|² − Σ ln Lᵢᵢ − k/2 ln 2π, [...].</summary>
    /// <param name="z">[..., k].</param>
    public Tensor LogDensity(Tensor z) =>
        Whiten(z - Mean).square().sum(-1) * MinusHalf - LogDeterminant() - NormalConstant.Of(Dimension);

    /// <summary>KL(q ‖ N(0, I)) = ½ (Σ Lᵢⱼ² + |μ|² − k) − Σ ln Lᵢᵢ, [...].</summary>
    public Tensor KlToStandardNormal()
    {
        var k = Scalars.Of(Dimension);
        return (Factor.square().sum([-2L, -1L]).Plus(Mean.square().sum(-1)) - k) * Half - LogDeterminant();
    }

    /// <inheritdoc/>
    public Tensor? KlTerms() => KlToStandardNormal().unsqueeze(-1);

    /// <summary>KL(q ‖ p) = ½ (‖Lₚ⁻¹L_q‖² + |Lₚ⁻¹(μₚ − μ_q)|² − k) + Σ ln Lₚᵢᵢ − Σ ln L_qᵢᵢ, [...].</summary>
    /// <param name="p">The distribution to diverge from.</param>
    public Tensor KlTo(FullGaussian p)
    {
        ArgumentNullException.ThrowIfNull(p);
        var ratio = linalg.solve_triangular(p.Factor, Factor, upper: false);
        var k = Scalars.Of(Dimension);
        return ((ratio.square().sum([-2L, -1L]).Plus(p.Whiten(p.Mean - Mean).square().sum(-1)) - k) * Half)
            .Plus(p.LogDeterminant()) - LogDeterminant();
    }

    /// <summary>Σ ln Lᵢᵢ, half the covariance's log-determinant, [...].</summary>
    private Tensor LogDeterminant() => Factor.diagonal(0, -2, -1).log().sum(-1);

    /// <summary>L⁻¹ r.</summary>
    private Tensor Whiten(Tensor residual) =>
        linalg.solve_triangular(Factor, residual.unsqueeze(-1), upper: false).squeeze(-1);
}
