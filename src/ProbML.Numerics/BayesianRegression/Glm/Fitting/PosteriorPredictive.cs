using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Makes the mixtures that predictions are: over a normal posterior by quadrature, over draws one by one.</summary>
internal sealed class PosteriorPredictive
{
    private readonly GlmPosterior posterior;
    private readonly IFamily[] drawFamilies;
    private readonly double[] drawDispersions, drawCoefficients;
    private readonly int q, n;

    public PosteriorPredictive(GlmPosterior posterior, IFamily family, ILinkFunction link)
    {
        (this.posterior, Family, Link) = (posterior, family, link);
        (q, n) = (posterior.Transform.Width, posterior.Dimension);
        DrawCount = posterior.Draws.Length / n;
        (drawFamilies, drawDispersions, drawCoefficients) = (new IFamily[DrawCount], new double[DrawCount], new double[DrawCount * q]);
        for (int s = 0; s < DrawCount; s++)
        {
            posterior.Draws.AsSpan(s * n, q).CopyTo(drawCoefficients.AsSpan(s * q));
            (drawFamilies[s], drawDispersions[s]) = EtaFamily.At(Family, DrawnTau(s));
        }
    }

    public GlmPosterior Posterior => posterior;

    public IFamily Family { get; }

    public ILinkFunction Link { get; }

    /// <summary>S; 0: the posterior is a normal or a point.</summary>
    public int DrawCount { get; }

    /// <summary>The coefficients of the draws, [S, q], and φ of each, [S].</summary>
    public (double[] Coefficients, double[] Dispersions) Draws() =>
        (drawCoefficients, [.. Enumerable.Range(0, DrawCount).Select(s => Dispersion(DrawnTau(s)))]);

    /// <summary>The standard deviation of ln φ under a normal posterior; 0 where it is known.</summary>
    public double LogDispersionSpread =>
        posterior.HasTau && posterior.Covariance.Length > 0 ? Math.Sqrt(posterior.Covariance[^1]) : 0;

    private double CentralTau => posterior.HasTau ? posterior.Mean[q] : posterior.KnownLogDispersion;

    /// <summary>φ so many standard deviations from its centre.</summary>
    public double DispersionAt(double level) => Dispersion(CentralTau + level * LogDispersionSpread);

    /// <summary>η of rows under each draw, offsets left out: result += Z Dᵀ. Nothing where there are no draws.</summary>
    /// <param name="z">[rows, stride].</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="stride">The distance between rows.</param>
    /// <param name="result">[rows, S], zeros.</param>
    public void DrawnPredictors(ReadOnlySpan<double> z, int rows, int stride, Span<double> result)
    {
        if (DrawCount > 0)
            Gemm.Accumulate(rows, DrawCount, q, 1, z, stride, false, drawCoefficients, q, true, result, DrawCount);
    }

    /// <summary>The mixture of one row's predictions.</summary>
    /// <param name="z">[q].</param>
    /// <param name="drawn">η under each draw, [S].</param>
    /// <param name="offset">Added to η.</param>
    /// <param name="fine">Whether to integrate to ten digits rather than to seven.</param>
    /// <param name="mixture">Filled.</param>
    public void Fill(ReadOnlySpan<double> z, ReadOnlySpan<double> drawn, double offset, bool fine, PosteriorMixture mixture)
    {
        if (DrawCount > 0)
        {
            mixture.SetDraws(drawn, offset, drawFamilies, drawDispersions);
            return;
        }
        mixture.Clear();
        double mean = TensorPrimitives.Dot(z, posterior.Mean.AsSpan(0, q)) + offset, tau = CentralTau;
        if (posterior.Covariance.Length == 0)
        {
            var (known, dispersion) = EtaFamily.At(Family, tau);
            mixture.Add(mean, 1, known, dispersion);
            return;
        }
        double variance = 0, cross = 0;
        for (int i = 0; i < q; i++)
        {
            variance += z[i] * TensorPrimitives.Dot(posterior.Covariance.AsSpan(i * n, q), z);
            if (posterior.HasTau)
                cross += z[i] * posterior.Covariance[i * n + q];
        }
        double tauSpread = LogDispersionSpread;
        var levels = GaussianRule.Coarse(tauSpread);
        for (int k = 0; k < (tauSpread > 0 ? levels.Count : 1); k++)
        {
            double at = tauSpread > 0 ? levels.Node(k) : 0, weight = tauSpread > 0 ? levels.Weight(k) : 1;
            var (known, dispersion) = EtaFamily.At(Family, tau + at * tauSpread);
            double slope = tauSpread > 0 ? cross / tauSpread : 0;
            mixture.AddNormal(mean + slope * at, Math.Sqrt(Math.Max(0, variance - slope * slope)), weight, known, dispersion, fine);
        }
    }

    private double DrawnTau(int draw) => posterior.HasTau ? posterior.Draws[draw * n + q] : posterior.KnownLogDispersion;

    private double Dispersion(double tau) => EtaLikelihood.HasFreeDispersion(Family) ? Math.Exp(tau) : 1;
}
