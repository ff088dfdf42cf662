namespace ProbML.Fitting;

/// <summary>What a Tobit model says of a row: mean, density, spread, interval, probability of a limit.</summary>
/// <param name="sigma">σ̂.</param>
/// <param name="lower">The lower limit; −∞: none.</param>
/// <param name="upper">The upper limit; +∞: none.</param>
/// <param name="scaleVariance">The variance of ln σ̂, or null where no covariance is known.</param>
/// <param name="level">The level of the interval.</param>
internal sealed class TobitPrediction(double sigma, double lower, double upper, double? scaleVariance, double level)
{
    private readonly double quantile = NormalDistribution.Quantile(0.5 + level / 2);

    /// <summary>Fills a row of outputs.</summary>
    /// <param name="eta">η, offset included.</param>
    /// <param name="variance">Of η̂.</param>
    /// <param name="cross">Cov(η̂, ln σ̂).</param>
    /// <param name="y">The label, or NaN.</param>
    /// <param name="row">Where the columns go.</param>
    public void Fill(double eta, double variance, double cross, double y, Span<float> row)
    {
        var response = new CensoredNormal(eta, sigma, lower, upper);
        double slope = response.MeanSlope, scale = response.MeanScaleSlope;
        double error = slope * slope * variance;
        if (scaleVariance is { } own)
            error = Math.Max(0, error + 2 * slope * scale * cross + scale * scale * own);
        double spread = Math.Sqrt(sigma * sigma + variance);
        row[0] = (float)response.Mean;
        row[1] = (float)LogDensity(y, eta, spread);
        row[2] = (float)Math.Sqrt(response.Variance + error);
        row[3] = (float)Math.Sqrt(error);
        row[4] = (float)Math.Clamp(eta - quantile * spread, lower, upper);
        row[5] = (float)Math.Clamp(eta + quantile * spread, lower, upper);
        row[6] = (float)eta;
        row[7] = (float)Math.Min(1, response.Lower + response.Upper);
    }

    /// <summary>ln p(y), at a limit the logarithm of its probability; −∞ beyond the limits.</summary>
    private double LogDensity(double y, double eta, double spread)
    {
        double r = (y - eta) / spread;
        return double.IsNaN(y) ? double.NaN
            : y < lower || y > upper ? double.NegativeInfinity
            : y == lower ? NormalDistribution.LogCdf(r)
            : y == upper ? NormalDistribution.LogCdf(-r)
            : NormalDistribution.LogDensity(r) - Math.Log(spread);
    }
}
