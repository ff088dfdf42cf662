namespace ProbML.Studio;

/// <summary>What a user says about a file.</summary>
internal static class UploadForm
{
    private const int LongestName = 80;
    private const int LongestMissing = 500;

    /// <summary>The choices of a delimiter, by the value of the form.</summary>
    public static IReadOnlyList<(string Value, string Name, char? Delimiter)> Delimiters { get; } =
    [
        ("", "found by itself", null),
        ("comma", "comma", ','),
        ("semicolon", "semicolon", ';'),
        ("tab", "tab", '\t'),
        ("bar", "vertical bar", '|'),
    ];

    public static ReadingOptions Reading(string? delimiter, string? missing, bool hasHeader) => new()
    {
        Delimiter = Delimiters.FirstOrDefault(choice => choice.Value == (delimiter ?? "")).Delimiter,
        Missing = (missing ?? ReadingOptions.UsualMissing) is { Length: <= LongestMissing } texts ? texts : ReadingOptions.UsualMissing,
        HasHeader = hasHeader,
    };

    /// <summary>A file's name as it is shown, and never used as a path: no folders, nothing that cannot be seen, not too long.</summary>
    public static string ShownName(string fileName)
    {
        string name = fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..];
        name = string.Concat(name.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)
            && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format)).Trim();
        return name.Length == 0 ? "the file" : name.Length <= LongestName ? name : name[..(LongestName - 1)] + "…";
    }
}
