using System.Globalization;
using System.Text.RegularExpressions;

namespace ProbML.Cli;

/// <summary>What the text of a cell means: nothing, a number, or a level.</summary>
internal static partial class Cell
{
    /// <summary>Empty, NA and NaN stand for a missing value, as in R.</summary>
    public static bool IsMissing(ReadOnlySpan<char> text) =>
        text.IsEmpty || text is "NA" || text.Equals("NaN", StringComparison.OrdinalIgnoreCase);

    /// <summary>A finite number, with a point whatever the machine's culture, correctly rounded.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>Whether the text is a number to a person who writes decimal commas.</summary>
    public static bool HasDecimalComma(ReadOnlySpan<char> text) => DecimalComma().IsMatch(text);

    /// <summary>What is wrong with a text where a number should be, and what to do.</summary>
    public static string NotANumber(ReadOnlySpan<char> text)
    {
        if (HasDecimalComma(text))
            return $"numbers use a point, as in {text.ToString().Replace(',', '.')}";
        if (Thousands().IsMatch(text))
            return "numbers have no thousands separators";
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && !double.IsNaN(number))
            return "numbers must be finite";
        return "a number is needed; correct it, or leave the cell empty if the value is missing";
    }

    /// <summary>A text as it is shown in a message: on one line, and not too long.</summary>
    public static string Show(ReadOnlySpan<char> text)
    {
        string line = text.ToString().Replace("\r", "", StringComparison.Ordinal).Replace('\n', ' ');
        return line.Length <= 60 ? $"'{line}'" : $"'{line[..57]}...'";
    }

    /// <summary>Where a text stands in a list, or −1.</summary>
    public static int PlaceOf(this IReadOnlyList<string> texts, ReadOnlySpan<char> text)
    {
        for (int i = 0; i < texts.Count; i++)
        {
            if (text.SequenceEqual(texts[i]))
                return i;
        }
        return -1;
    }

    /// <summary>Whether a text is in a list.</summary>
    public static bool ContainsText(this IReadOnlyList<string> texts, ReadOnlySpan<char> text) => texts.PlaceOf(text) >= 0;

    [GeneratedRegex(@"^[+-]?\d*,\d+([eE][+-]?\d+)?$")]
    private static partial Regex DecimalComma();

    [GeneratedRegex(@"^[+-]?\d{1,3}([,' ]\d{3})+(\.\d+)?$|^[+-]?\d{1,3}(\.\d{3})+,\d+$")]
    private static partial Regex Thousands();
}
