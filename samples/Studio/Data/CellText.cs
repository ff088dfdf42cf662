using System.Globalization;
using System.Text.RegularExpressions;

namespace ProbML.Studio;

/// <summary>What the text of a cell means.</summary>
internal static partial class CellText
{
    /// <summary>A finite number with a decimal point.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>A finite number with a decimal comma.</summary>
    public static bool TryCommaNumber(ReadOnlySpan<char> text, out double number)
    {
        number = double.NaN;
        if (!DecimalComma().IsMatch(text) || text.Length > 100)
            return false;
        Span<char> point = stackalloc char[text.Length];
        text.Replace(point, ',', '.');
        return TryNumber(point, out number);
    }

    /// <summary>A text as it is shown in a message: on one line, and not too long.</summary>
    public static string Show(ReadOnlySpan<char> text)
    {
        string line = (text.Length > 60 ? text[..57].ToString() + "..." : text.ToString()).ReplaceLineEndings(" ");
        return $"'{line}'";
    }

    [GeneratedRegex(@"^[+-]?\d*,\d+([eE][+-]?\d+)?$")]
    private static partial Regex DecimalComma();
}
