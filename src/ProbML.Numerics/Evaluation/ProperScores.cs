namespace ProbML.Evaluation;

/// <summary>Scoring rules that honest forecasts minimise in expectation; all in the units given, smaller is better.</summary>
/// <remarks>Gneiting &amp; Raftery (2007), "Strictly proper scoring rules, prediction, and estimation".</remarks>
public static class ProperScores
{
    private const double InverseRootPi = 0.56418958354775628694807945156077;

    /// <summary>CRPS(N(μ, σ²), y) = σ [z (2Φ(z) − 1) + 2φ(z) − 1/√π], z = (y − μ)/σ; |y − μ| at σ = 0.</summary>
    /// <remarks>The continuous ranked probability score ∫ (F(t) − 1{y ≤ t})² dt; Gneiting &amp; Raftery (2007), eq. 21.</remarks>
    public static double NormalCrps(double y, double mean, double standardDeviation)
    {
        if (standardDeviation == 0)
            return Math.Abs(y - mean);
        double z = (y - mean) / standardDeviation;
        double centred = 1 - 2 * NormalDistribution.Cdf(-Math.Abs(z));
        return standardDeviation
            * (Math.Abs(z) * centred + 2 * NormalDistribution.Density(z) - InverseRootPi);
    }

    /// <summary>CRPS of the empirical distribution of draws: E|X − y| − ½ E|X − X′|.</summary>
    /// <param name="y">What was observed.</param>
    /// <param name="sorted">The draws in ascending order.</param>
    /// <remarks>Jordan, Krüger &amp; Lerch (2019), "Evaluating probabilistic forecasts with scoringRules", §3.</remarks>
    /// <exception cref="ArgumentException">There are no draws.</exception>
    public static double EnsembleCrps(double y, ReadOnlySpan<double> sorted)
    {
        if (sorted.IsEmpty)
            throw new ArgumentException("There are no draws.", nameof(sorted));
        double sum = 0;
        int n = sorted.Length;
        for (int i = 0; i < n; i++)
            sum += (sorted[i] - y) * ((y < sorted[i] ? n : 0) - i - 0.5);
        return 2 * sum / ((double)n * n);
    }

    /// <summary>The pinball loss of a quantile: (1{y ≤ q} − p)(q − y).</summary>
    public static double Pinball(double y, double quantile, double level) =>
        ((y <= quantile ? 1 : 0) - level) * (quantile - y);

    /// <summary>CRPS from quantiles: 2 ∫ pinball dp by the trapezoid rule over the levels, flat beyond the outermost.</summary>
    /// <param name="y">What was observed.</param>
    /// <param name="levels">[k], ascending, in (0, 1).</param>
    /// <param name="quantiles">[k], at those levels.</param>
    /// <remarks>Laio &amp; Tamea (2007), eq. 8: CRPS is twice the mean pinball loss.</remarks>
    /// <exception cref="ArgumentException">Lengths differ, or there are none.</exception>
    public static double QuantileCrps(double y, ReadOnlySpan<double> levels, ReadOnlySpan<double> quantiles)
    {
        if (levels.IsEmpty || levels.Length != quantiles.Length)
            throw new ArgumentException($"{quantiles.Length} quantiles for {levels.Length} levels.", nameof(quantiles));
        double sum = 0;
        for (int k = 0; k < levels.Length; k++)
        {
            double below = k == 0 ? 0 : (levels[k - 1] + levels[k]) / 2;
            double above = k == levels.Length - 1 ? 1 : (levels[k] + levels[k + 1]) / 2;
            sum += (above - below) * Pinball(y, quantiles[k], levels[k]);
        }
        return 2 * sum;
    }

    /// <summary>The interval score (u − l) + (2/α)(l − y)₊ + (2/α)(y − u)₊ with α = 1 − level.</summary>
    /// <remarks>Gneiting &amp; Raftery (2007), eq. 43: rewards narrow intervals, fines what they miss.</remarks>
    public static double IntervalScore(double y, double lower, double upper, double level)
    {
        double fine = 2 / (1 - level);
        return upper - lower + fine * Math.Max(0, lower - y) + fine * Math.Max(0, y - upper);
    }

    /// <summary>The Brier score Σₖ (pₖ − 1{y = k})², over the K classes: for two, twice the score of one of them.</summary>
    public static double Brier(ReadOnlySpan<double> probabilities, int label)
    {
        double sum = 0;
        for (int k = 0; k < probabilities.Length; k++)
        {
            double miss = probabilities[k] - (k == label ? 1 : 0);
            sum += miss * miss;
        }
        return sum;
    }

    /// <summary>The ranked probability score Σₖ (P(Y ≤ k) − 1{y ≤ k})² of ordered classes.</summary>
    /// <remarks>Epstein (1969): the CRPS of class numbers.</remarks>
    public static double RankedProbability(ReadOnlySpan<double> probabilities, int label)
    {
        double sum = 0, cumulative = 0;
        for (int k = 0; k < probabilities.Length - 1; k++)
        {
            cumulative += probabilities[k];
            double miss = cumulative - (label <= k ? 1 : 0);
            sum += miss * miss;
        }
        return sum;
    }
}
