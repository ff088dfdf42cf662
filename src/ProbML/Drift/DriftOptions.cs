namespace ProbML;

/// <summary>How two samples of rows are compared for drift.</summary>
public sealed record DriftOptions
{
    /// <summary>The probability of a false alarm: over all the tests of one comparison, or over all the time of a monitor.</summary>
    public double Level { get; init; } = 0.05;

    /// <summary>The columns to compare; null: all that are numbers, Booleans, text, keys or vectors of numbers.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Columns to leave out, such as identifiers and times.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Rows of each sample beyond which so many are drawn.</summary>
    public int MaximumRows { get; init; } = 20_000;

    /// <summary>Levels of a column that count for themselves; the rarer ones count together.</summary>
    public int MaximumLevels { get; init; } = 20;

    /// <summary>How many of the most drifted rows a report names.</summary>
    public int ReportedRows { get; init; } = 10;

    /// <summary>Draws rows, halves and folds.</summary>
    public int Seed { get; init; } = 1;

    internal void Validate()
    {
        GlmOptions.Check(Level is > 0 and < 1, nameof(Level), Level, "must lie strictly between 0 and 1");
        GlmOptions.Check(MaximumRows >= 10, nameof(MaximumRows), MaximumRows, "must be 10 or more");
        GlmOptions.Check(MaximumLevels > 0, nameof(MaximumLevels), MaximumLevels, "must be positive");
        GlmOptions.Check(ReportedRows >= 0, nameof(ReportedRows), ReportedRows, "must be 0 or more");
        GlmOptions.Check(Columns is not { Count: 0 }, nameof(Columns), "none", "must name a column");
    }
}
