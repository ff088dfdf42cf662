using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Makes the mixtures that predictions are: over a normal posterior by quadrature, over draws one by one.</summary>
internal sealed class PosteriorPredictive
{
    private readonly GlmPosterior posterior;
    private readonly IFamily family;
    private readonly ILinkFunction link;
    private readonly IFamily[] drawFamilies;
    private readonly double[] drawDispersions, drawCoefficients;
    private readonly int q, n;

    public PosteriorPredictive(GlmPosterior posterior, IFamily family, ILinkFunction link)
    {
        (this.posterior, this.family, this.link) = (posterior, family, link);
        (q, n) = (posterior.Transform.Width, posterior.Dimension);
        int draws = posterior.Draws.Length / n;
        (drawFamilies, drawDispersions, drawCoefficients) = (new IFamily[draws], new double[draws], new double[draws * q]);
        for (int s = 0; s < draws; s++)
        {
            posterior.Draws.AsSpan(s * n, q).CopyTo(drawCoefficients.AsSpan(s * q));
            (drawFamilies[s], drawDispersions[s]) = EtaFamily.At(family, posterior.HasTau ? posterior.Draws[s * n + q] : posterior.KnownLogDispersion);
        }
    }

    private bool HasDraws => drawFamilies.Length > 0;

    /// <summary>The mixture of one row's predictions.</summary>
    /// <param name="z">[q].</param>
    /// <param name="offset">Added to η.</param>
    /// <param name="fine">Whether to integrate to ten digits rather than to seven.</param>
    /// <param name="mixture">Cleared, then filled.</param>
    public void Fill(ReadOnlySpan<double> z, double offset, bool fine, PosteriorMixture mixture)
    {
        mixture.Clear();
        if (HasDraws)
        {
            using var rented = new RentedNumbers(drawFamilies.Length);
            var eta = rented.Take(drawFamilies.Length);
            Gemv.Multiply(drawCoefficients, eta.Length, q, q, z, eta);
            for (int s = 0; s < eta.Length; s++)
                mixture.Add(eta[s] + offset, 1, drawFamilies[s], link, drawDispersions[s]);
            return;
        }
        double mean = TensorPrimitives.Dot(z, posterior.Mean.AsSpan(0, q)) + offset;
        double tau = posterior.HasTau ? posterior.Mean[q] : posterior.KnownLogDispersion;
        if (posterior.Covariance.Length == 0)
        {
            var (known, dispersion) = EtaFamily.At(family, tau);
            mixture.Add(mean, 1, known, link, dispersion);
            return;
        }
        double variance = 0, cross = 0;
        for (int i = 0; i < q; i++)
        {
            variance += z[i] * TensorPrimitives.Dot(posterior.Covariance.AsSpan(i * n, q), z);
            if (posterior.HasTau)
                cross += z[i] * posterior.Covariance[i * n + q];
        }
        double tauSpread = posterior.HasTau ? Math.Sqrt(posterior.Covariance[^1]) : 0;
        var levels = GaussianRule.Coarse(tauSpread);
        for (int k = 0; k < (tauSpread > 0 ? levels.Count : 1); k++)
        {
            double at = tauSpread > 0 ? levels.Node(k) : 0, weight = tauSpread > 0 ? levels.Weight(k) : 1;
            var (known, dispersion) = EtaFamily.At(family, tau + at * tauSpread);
            double slope = tauSpread > 0 ? cross / tauSpread : 0;
            mixture.AddNormal(mean + slope * at, Math.Sqrt(Math.Max(0, variance - slope * slope)), weight, known, link, dispersion, fine);
        }
    }
}
