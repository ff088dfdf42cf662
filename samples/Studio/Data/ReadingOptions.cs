namespace ProbML.Studio;

/// <summary>How a file of delimited text is read.</summary>
internal sealed record ReadingOptions
{
    /// <summary>The texts that mean a missing value unless told otherwise, besides the empty one.</summary>
    public const string UsualMissing = "NA, N/A, NaN, null, ?";

    /// <summary>What separates the cells; null: whichever of comma, semicolon, tab and bar is most frequent in the first line.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether the first line names the columns.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Texts that mean a missing value, separated by commas.</summary>
    public string Missing { get; init; } = UsualMissing;

    /// <summary>The same as a set, upper and lower case alike.</summary>
    public HashSet<string> MissingTexts() => new(
        Missing.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);
}
