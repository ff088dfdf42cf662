using System.Globalization;

namespace ProbML.Flows;

/// <summary>What a column goes through before the networks; its slope is part of the density.</summary>
public sealed record ColumnPreprocessing
{
    private enum Way
    {
        Standardize,
        Positive,
        Between,
        Quantiles,
        Circular,
    }

    private readonly Way way;

    private ColumnPreprocessing(Way way) => this.way = way;

    /// <summary>(x − mean) / standard deviation.</summary>
    public static ColumnPreprocessing Standardize { get; } = new(Way.Standardize);

    /// <summary>The inverse of softplus, then standardized: for x &gt; 0, with no mass below.</summary>
    public static ColumnPreprocessing Positive { get; } = new(Way.Positive);

    /// <summary>Normal scores of the column's quantiles: for heavy tails and far outliers.</summary>
    public static ColumnPreprocessing Quantiles { get; } = new(Way.Quantiles);

    /// <summary>The logit, then standardized: for low &lt; x &lt; high, with no mass outside.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bounds do not rise.</exception>
    public static ColumnPreprocessing Between(double low, double high) => high > low && double.IsFinite(high - low)
        ? new(Way.Between) { Low = low, High = high }
        : throw new ArgumentOutOfRangeException(nameof(high), $"The bounds must rise, but are {low} and {high}.");

    /// <summary>An angle: x and x + period are the same, and nothing jumps from one end of the period to the other.</summary>
    /// <remarks>
    /// Of 24 an hour of the day, of 360 a direction in degrees. The density is per unit of x, over one period. Circular splines take the place
    /// of the kind's own function of that column, and its noise is uniform on the circle. Rezende et al. (2020).
    /// </remarks>
    /// <param name="period">Above 0.</param>
    /// <param name="low">Where samples begin: they lie in [low, low + period).</param>
    /// <exception cref="ArgumentOutOfRangeException">The period is not above 0, or a number is not finite.</exception>
    public static ColumnPreprocessing Circular(double period, double low = 0) =>
        period > 0 && double.IsFinite(period) && double.IsFinite(low) && low + period > low
            ? new(Way.Circular) { Low = low, High = low + period, Period = period }
            : throw new ArgumentOutOfRangeException(nameof(period), $"A period must be above 0, but is {period}, from {low}.");

    internal double Period { get; private init; }

    internal bool IsCircular => way == Way.Circular;

    internal double Low { get; private init; }

    internal double High { get; private init; }

    internal bool IsStandard => way == Way.Standardize;

    internal bool NeedsQuantiles => way == Way.Quantiles;

    /// <summary>What it takes, for messages.</summary>
    internal string Support => way switch
    {
        Way.Positive => "above 0",
        Way.Between => string.Create(CultureInfo.InvariantCulture, $"between {Low} and {High}"),
        _ => "numbers",
    };

    /// <summary>The map before its values' mean and deviation are known.</summary>
    /// <param name="mean">The column's mean, which is what counts as near to 0.</param>
    internal ColumnMap Start(double mean) => way switch
    {
        Way.Circular => new CircularMap(Low, Period),
        Way.Positive => new SoftplusMap(mean, new(0, 1)),
        Way.Between => new LogitMap(Low, High, new(0, 1)),
        _ => new StandardMap(0, 1),
    };

    /// <summary>The map with mean and deviation of its values.</summary>
    internal static ColumnMap Standardized(ColumnMap map, double centre, double scale) => map switch
    {
        SoftplusMap softplus => softplus with { Standard = new(centre, scale) },
        LogitMap logit => logit with { Standard = new(centre, scale) },
        StandardMap => new StandardMap(centre, scale),
        _ => map,
    };
}
