using System.Buffers;
using System.Globalization;

namespace ProbML.Studio;

/// <summary>Cells of a CSV file that a spreadsheet takes for data and not for formulas.</summary>
internal static class CsvText
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",;\t\"\r\n");

    /// <summary>A text; one that a spreadsheet would run begins with an apostrophe.</summary>
    public static string Of(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠'
            && !CellText.TryNumber(text, out _))
            text = "'" + text;
        return text.AsSpan().ContainsAny(Special) || text.StartsWith('\'')
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    /// <summary>A number; empty: missing.</summary>
    public static string Of(double number) =>
        double.IsNaN(number) ? "" : number.ToString("R", CultureInfo.InvariantCulture);
}
