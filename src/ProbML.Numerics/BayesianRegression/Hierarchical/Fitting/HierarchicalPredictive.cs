using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>Makes the mixtures that predictions are: known groups by their posterior, others by the population's covariance.</summary>
internal sealed class HierarchicalPredictive
{
    private const double Golden = 0.61803398874989484820;

    private readonly HierarchicalPosterior posterior;
    private readonly IFamily family;
    private readonly EtaFamily[] families;

    public HierarchicalPredictive(HierarchicalPosterior posterior, IFamily family)
    {
        (this.posterior, this.family) = (posterior, family);
        families = posterior.Draws is { LogDispersions.Length: > 0 } draws
            ? [.. draws.LogDispersions.Select(tau => EtaFamily.At(family, tau))]
            : [new(family, posterior.Dispersion)];
    }

    /// <summary>The mixture of one row's predictions.</summary>
    /// <param name="groups">Places by factor; −1: never seen.</param>
    /// <param name="z">The groups' columns, all factors.</param>
    /// <param name="x">The fixed columns, [p].</param>
    /// <param name="offset">Added to η.</param>
    /// <param name="mixture">Cleared, then filled.</param>
    public void Fill(ReadOnlySpan<int> groups, ReadOnlySpan<double> z, ReadOnlySpan<double> x, double offset, PosteriorMixture mixture)
    {
        mixture.Clear(isSample: posterior.Draws is not null);
        if (posterior.Draws is { } draws)
        {
            FromDraws(draws, groups, z, x, offset, mixture);
            return;
        }
        double mean = posterior.Mean.Predictor(posterior.Layout, groups, z, x) + offset;
        double variance = posterior.Covariance!.Variance(groups, z, x);
        mixture.AddNormal(mean, Math.Sqrt(Math.Max(0, variance)), 1, families[0].Family, families[0].Dispersion);
    }

    /// <summary>Draw by draw; a group never seen gets a coefficient for each draw, evenly spread quantiles in mixed order.</summary>
    private void FromDraws(
        HierarchicalDraws draws, ReadOnlySpan<int> groups, ReadOnlySpan<double> z, ReadOnlySpan<double> x, double offset,
        PosteriorMixture mixture)
    {
        var layout = posterior.Layout;
        for (int s = 0; s < draws.Count; s++)
        {
            var border = draws.Border.AsSpan(s * layout.Border, layout.Border);
            double eta = offset + TensorPrimitives.Dot(x, border[layout.Random..]), unseen = 0;
            for (int k = 0, from = 0, theta = s * layout.ThetaCount; k < groups.Length; k++)
            {
                var factor = layout.Factors[k];
                var own = z.Slice(from, factor.Width);
                if (groups[k] < 0)
                    unseen += Variance(factor, draws.Scales.AsSpan(theta, CovarianceFactor.Count(factor)), own);
                else
                    eta += TensorPrimitives.Dot(own, k == 0
                        ? draws.Main.AsSpan(s * layout.Main.Count + groups[k] * factor.Width, factor.Width)
                        : border.Slice(layout.Starts[k] + groups[k] * factor.Width, factor.Width));
                from += factor.Width;
                theta += CovarianceFactor.Count(factor);
            }
            if (unseen > 0)
                eta += Math.Sqrt(unseen) * NormalDistribution.Quantile((Golden * (s + 0.5)) % 1);
            var at = families[families.Length == 1 ? 0 : s];
            mixture.Add(eta, 1, at.Family, at.Dispersion);
        }
    }

    /// <summary>|Lᵀz|².</summary>
    private static double Variance(MixedFactor factor, ReadOnlySpan<double> theta, ReadOnlySpan<double> z)
    {
        double sum = 0, one = 0;
        int at = 0, last = 0;
        foreach (var (row, column) in CovarianceFactor.Entries(factor))
        {
            if (column != last)
                (sum, one, last) = (sum + one * one, 0, column);
            one += theta[at++] * z[row];
        }
        return sum + one * one;
    }
}

/// <summary>A family at a τ = ln φ, which of a negative binomial without θ is −ln θ.</summary>
internal readonly record struct EtaFamily(IFamily Family, double Dispersion)
{
    public static EtaFamily At(IFamily family, double tau) => family is NegativeBinomialFamily { Theta: null }
        ? new(new NegativeBinomialFamily(Math.Exp(-tau)), 1)
        : new(family, family.EstimatesDispersion ? Math.Exp(tau) : 1);
}
