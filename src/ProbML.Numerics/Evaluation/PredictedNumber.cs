namespace ProbML.Evaluation;

/// <summary>What is predicted of a number, as far as it is known: NaN or empty where it is not.</summary>
/// <remarks>
/// CRPS and PIT are taken from the first of these that there is: draws, quantiles, mean and standard deviation (as those
/// of a normal distribution).
/// </remarks>
public readonly ref struct PredictedNumber
{
    /// <summary>Nothing is known yet.</summary>
    public PredictedNumber()
    {
    }

    /// <summary>The predictive mean.</summary>
    public double Mean { get; init; } = double.NaN;

    /// <summary>The predictive standard deviation, noise included.</summary>
    public double StandardDeviation { get; init; } = double.NaN;

    /// <summary>The lower end of the interval.</summary>
    public double LowerBound { get; init; } = double.NaN;

    /// <summary>The upper end of the interval.</summary>
    public double UpperBound { get; init; } = double.NaN;

    /// <summary>ln p(y), of the y that was observed.</summary>
    public double LogDensity { get; init; } = double.NaN;

    /// <summary>Quantiles at the levels that the sum was told.</summary>
    public ReadOnlySpan<double> Quantiles { get; init; }

    /// <summary>Draws from the predictive distribution, ascending.</summary>
    public ReadOnlySpan<double> SortedDraws { get; init; }

    internal double Crps(double y, ReadOnlySpan<double> levels) =>
        !SortedDraws.IsEmpty ? ProperScores.EnsembleCrps(y, SortedDraws)
        : !Quantiles.IsEmpty ? ProperScores.QuantileCrps(y, levels, Quantiles)
        : ProperScores.NormalCrps(y, Mean, StandardDeviation);

    /// <summary>F(y); the middle of the step where F is one.</summary>
    internal double Pit(double y, ReadOnlySpan<double> levels)
    {
        if (!SortedDraws.IsEmpty)
        {
            int below = 0, ties = 0;
            foreach (double draw in SortedDraws)
            {
                below += draw < y ? 1 : 0;
                ties += draw == y ? 1 : 0;
            }
            return (below + (ties + 1) * 0.5) / (SortedDraws.Length + 1.0);
        }
        return Quantiles.IsEmpty ? NormalDistribution.Cdf((y - Mean) / StandardDeviation) : FromQuantiles(y, levels);
    }

    /// <summary>ln p(y) as it was given, else that of the normal distribution.</summary>
    internal double LogDensityOf(double y) => !double.IsNaN(LogDensity)
        ? LogDensity
        : NormalDistribution.LogDensity((y - Mean) / StandardDeviation) - Math.Log(StandardDeviation);

    private double FromQuantiles(double y, ReadOnlySpan<double> levels)
    {
        int above = 0;
        while (above < Quantiles.Length && Quantiles[above] < y)
            above++;
        if (above == 0)
            return levels[0] / 2;
        if (above == Quantiles.Length)
            return (1 + levels[^1]) / 2;
        double width = Quantiles[above] - Quantiles[above - 1];
        double part = width > 0 ? (y - Quantiles[above - 1]) / width : 0.5;
        return levels[above - 1] + part * (levels[above] - levels[above - 1]);
    }
}
