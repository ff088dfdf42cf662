namespace ProbML.Evaluation;

/// <summary>How much of the data central predictive intervals hold, at each level.</summary>
/// <remarks>From PIT values u = F(y): the central interval of level p holds y if |u − ½| ≤ p/2.</remarks>
public sealed class CoverageCurve
{
    private readonly double[] coverage;

    internal CoverageCurve(double[] coverage) => this.coverage = coverage;

    /// <summary>The nominal levels: 0.05, 0.10, … 0.95, 0.99.</summary>
    public static IReadOnlyList<double> Levels { get; } =
        [.. Enumerable.Range(1, 19).Select(k => k * 5 / 100.0), 0.99];

    /// <summary>The share of rows that each level's interval holds.</summary>
    public IReadOnlyList<double> Coverage => coverage;

    /// <summary>The mean of |coverage − level|: 0 when calibrated; NaN over no rows.</summary>
    public double CalibrationError => Levels.Zip(coverage, (level, held) => Math.Abs(level - held)).Average();

    /// <summary>The share held by the interval of a level, linear between <see cref="Levels"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public double At(double level)
    {
        if (!(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A level must lie between 0 and 1.");
        int above = 0;
        while (above < Levels.Count && Levels[above] < level)
            above++;
        var (lowLevel, low) = above == 0 ? (0, 0) : (Levels[above - 1], coverage[above - 1]);
        var (highLevel, high) = above == Levels.Count ? (1, 1) : (Levels[above], coverage[above]);
        return low + (high - low) * (level - lowLevel) / (highLevel - lowLevel);
    }
}
