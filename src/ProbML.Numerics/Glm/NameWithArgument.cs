using System.Globalization;

namespace ProbML;

/// <summary>Names such as "probit" and "power(0.5)", in any case.</summary>
internal static class NameWithArgument
{
    /// <summary>
    /// The word in lower case, and the number in parentheses where there is one; NaN where it is no number.
    /// </summary>
    public static (string Word, double? Argument) Split(string? name)
    {
        string trimmed = (name ?? "").Trim().ToLowerInvariant();
        int open = trimmed.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || !trimmed.EndsWith(')')) return (trimmed, null);
        bool isNumber = double.TryParse(
            trimmed.AsSpan(open + 1, trimmed.Length - open - 2), NumberStyles.Float, CultureInfo.InvariantCulture,
            out double argument);
        return (trimmed[..open].TrimEnd(), isNumber ? argument : double.NaN);
    }
}
