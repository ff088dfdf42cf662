using ProbML.Evaluation;

namespace ProbML;

/// <summary>The distribution of a new observation at a linear predictor that is itself uncertain.</summary>
/// <remarks>
/// p(y | x) = ∫ p(y; g⁻¹(η), φ) N(η; η̂, se²) dη, by Gauss–Hermite quadrature: seven nodes, or three where the mean's standard
/// error is under a tenth of the response's standard deviation, which leaves an error of its sixth power. A Gaussian response is Student's
/// t about its mean, so that with the identity link the interval is the textbook one, η̂ ± t √(φ + se²). The interval runs
/// between quantiles of this distribution; the standard deviation is √(φV(μ) + (μ′ se)²).
/// </remarks>
internal sealed class GlmPredictive(IFamily family, ILinkFunction link, double dispersion, long degreesOfFreedom, double level)
{
    internal static readonly double[] Nodes =
        [0, 1.1544053947399682, -1.1544053947399682, 2.3667594107345416, -2.3667594107345416, 3.7504397177257425, -3.7504397177257425];

    internal static readonly double[] Weights =
        [0.4571428571428571, 0.2401231786050127, 0.2401231786050127, 0.0307571239675865, 0.0307571239675865, 0.000548268855972219, 0.000548268855972219];

    /// <summary>Below this ratio of standard errors to standard deviations three nodes do.</summary>
    internal const double NearlySure = 0.1;

    internal static readonly double[] FewNodes = [0, 1.7320508075688772, -1.7320508075688772];

    internal static readonly double[] FewWeights = [2.0 / 3, 1.0 / 6, 1.0 / 6];

    private readonly double normalQuantile = NormalDistribution.Quantile(0.5 + level / 2);
    private readonly double studentQuantile =
        degreesOfFreedom > 0 ? StudentT.Quantile(0.5 + level / 2, degreesOfFreedom) : double.NaN;

    /// <summary>ν, of the estimate of φ.</summary>
    public long DegreesOfFreedom => degreesOfFreedom;

    /// <summary>Fills the columns of a regression.</summary>
    public void Regression(double eta, double error, double y, in OutputBlock wanted, Span<float> row)
    {
        var mean = At(eta);
        row[GlmColumns.Score] = (float)mean.Mean;
        if (!wanted.WantsMoreThan(GlmColumns.Score))
            return;
        double meanError = Math.Abs(mean.Slope) * error;
        row[GlmColumns.StandardError] = (float)meanError;
        row[GlmColumns.StandardDeviation] =
            (float)Math.Sqrt(dispersion * family.UnitVariance(mean) + meanError * meanError);
        if (wanted.Wants(GlmColumns.Lower) || wanted.Wants(GlmColumns.Upper))
        {
            var (lower, upper) = Interval(eta, error);
            (row[GlmColumns.Lower], row[GlmColumns.Upper]) = ((float)lower, (float)upper);
        }
        if (wanted.Wants(GlmColumns.LogDensity))
            row[GlmColumns.LogDensity] = (float)LogDensity(y, eta, error);
    }

    /// <summary>Fills the columns of two classes.</summary>
    public void Binary(double eta, double error, double y, in OutputBlock wanted, Span<float> row)
    {
        row[GlmColumns.Score] = (float)eta;
        row[GlmColumns.Probability] = (float)link.Inverse(eta).Mean;
        row[GlmColumns.StandardError] = (float)error;
        if (wanted.Wants(GlmColumns.ProbabilityLower) || wanted.Wants(GlmColumns.ProbabilityUpper))
        {
            row[GlmColumns.ProbabilityLower] = (float)link.Inverse(eta - normalQuantile * error).Mean;
            row[GlmColumns.ProbabilityUpper] = (float)link.Inverse(eta + normalQuantile * error).Mean;
        }
        if (wanted.Wants(GlmColumns.LogDensity))
            row[GlmColumns.LogDensity] = (float)LogDensity(y, eta, error);
    }

    /// <summary>The quantiles of the predictive distribution at (1 ∓ level) / 2.</summary>
    public (double Lower, double Upper) Interval(double eta, double error)
    {
        if (!(dispersion >= 0) || double.IsNaN(error))
            return (double.NaN, double.NaN);
        if (family is GaussianFamily && link is IdentityLink)
        {
            double half = studentQuantile * Math.Sqrt(dispersion + error * error);
            return (eta - half, eta + half);
        }
        Span<double> means = stackalloc double[Nodes.Length], weights = stackalloc double[Nodes.Length];
        int count = Spread(eta, error, means, weights);
        if (count == 0)
            return (double.NaN, double.NaN);
        double tail = (1 - level) / 2;
        return (Quantile(tail, means[..count], weights), Quantile(1 - tail, means[..count], weights));
    }

    /// <summary>ln p(y | x); NaN where y is not known, −∞ where it is impossible.</summary>
    public double LogDensity(double y, double eta, double error)
    {
        if (double.IsNaN(y) || !(dispersion >= 0))
            return double.NaN;
        if (!family.Supports(y))
            return double.NegativeInfinity;
        if (family is GaussianFamily && link is IdentityLink)
            return Student(y, eta, Math.Sqrt(dispersion + error * error));
        Span<double> means = stackalloc double[Nodes.Length], weights = stackalloc double[Nodes.Length];
        int count = Spread(eta, error, means, weights);
        for (int k = 0; k < count; k++)
            weights[k] = Math.Log(weights[k]) + Density(y, means[k]);
        return count == 0 ? double.NaN : LogSum.Of(weights[..count]);
    }

    private double Student(double y, double mean, double scale) =>
        StudentT.LogDensity((y - mean) / scale, degreesOfFreedom) - Math.Log(scale);

    private double Density(double y, double mean) => family is GaussianFamily
        ? Student(y, mean, Math.Sqrt(dispersion))
        : family.LogLikelihood(y, MeanPoint.Of(mean), dispersion, 1);

    private double Cumulative(double y, double mean) => family is GaussianFamily
        ? StudentT.Cdf((y - mean) / Math.Sqrt(dispersion), degreesOfFreedom)
        : family.CumulativeProbability(y, mean, dispersion);

    private double Quantile(double p, double mean) => family is GaussianFamily
        ? mean + Math.Sqrt(dispersion) * StudentT.Quantile(p, degreesOfFreedom)
        : family.Quantile(p, mean, dispersion);

    private MeanPoint At(double eta) =>
        link.IsInDomain(eta) ? link.Inverse(eta) : new MeanPoint(double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>The means at the nodes inside the domain, their weights made to add up to one; one node where η is sure.</summary>
    private int Spread(double eta, double error, Span<double> means, Span<double> weights)
    {
        var centre = At(eta);
        bool few = Math.Abs(centre.Slope) * error < NearlySure * Math.Sqrt(dispersion * family.UnitVariance(centre));
        double[] nodes = few ? FewNodes : Nodes, shares = few ? FewWeights : Weights;
        int count = 0, last = error > 1e-9 * (1 + Math.Abs(eta)) ? nodes.Length : 1;
        double total = 0;
        for (int k = 0; k < last; k++)
        {
            double at = eta + error * nodes[k];
            if (!link.IsInDomain(at) || link.Inverse(at).Mean is var mean && !(family.IsValidMean(mean) && double.IsFinite(mean)))
                continue;
            (means[count], weights[count]) = (link.Inverse(at).Mean, shares[k]);
            total += shares[k];
            count++;
        }
        for (int k = 0; k < count; k++)
            weights[k] /= total;
        return count;
    }

    /// <summary>The mixture's quantile, between the smallest and the largest of its parts' quantiles.</summary>
    private double Quantile(double p, ReadOnlySpan<double> means, ReadOnlySpan<double> weights)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double mean in means)
        {
            double part = Quantile(p, mean);
            (low, high) = (Math.Min(low, part), Math.Max(high, part));
        }
        return MixtureQuantile.Solve(new Mixture(this, means, weights), p, low, high, family.IsDiscrete);
    }

    private readonly ref struct Mixture(GlmPredictive owner, ReadOnlySpan<double> means, ReadOnlySpan<double> weights) : IMixtureLaw
    {
        private readonly ReadOnlySpan<double> means = means, weights = weights;

        public double Cdf(double y)
        {
            double sum = 0;
            for (int k = 0; k < means.Length; k++)
                sum += weights[k] * owner.Cumulative(y, means[k]);
            return sum;
        }
    }
}
