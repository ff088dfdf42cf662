using System.Globalization;
using System.Text;
using System.Xml;

namespace ProbML.Reports.Html;

/// <summary>Numbers and names as they stand in a report.</summary>
internal static class Text
{
    /// <summary>The text without what no document can hold: control characters and halves of characters.</summary>
    public static string Plain(string text)
    {
        if (text.All(c => XmlConvert.IsXmlChar(c) && c != '\r'))
            return text;
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
            plain.Append(rune.Value > 0xFFFF || XmlConvert.IsXmlChar((char)rune.Value) ? rune.ToString() : "\uFFFD");
        return plain.ToString();
    }

    /// <summary>A name that fits beside an axis.</summary>
    public static string Short(string name, int most = 32)
    {
        string plain = Plain(name).ReplaceLineEndings(" ").Replace('\t', ' ');
        return plain.Length <= most ? plain : string.Concat(plain.AsSpan(0, most / 2 - 1), "…", plain.AsSpan(plain.Length - most / 2 + 1));
    }

    /// <summary>A number to six digits; "–" where there is none.</summary>
    public static string Number(double value) => double.IsNaN(value) ? "–"
        : double.IsPositiveInfinity(value) ? "∞"
        : double.IsNegativeInfinity(value) ? "−∞"
        : value.ToString(Math.Abs(value) is > 0 and < 1e-4 ? "0.####e0" : Math.Abs(value) >= 1e7 ? "0.#####e0" : "G6", CultureInfo.InvariantCulture);

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double share, string format = "0.##") => $"{(100 * share).ToString(format, CultureInfo.InvariantCulture)} %";

    /// <summary>"= 0.03", or with a sign of less for what is next to nothing.</summary>
    public static string Equal(double p) => PValue(p) is ['<', ..] and var small ? $"< {small[1..]}" : $"= {PValue(p)}";

    public static string PValue(double p) => double.IsNaN(p) ? "–" : p < 2e-16 ? "<2e-16" : p.ToString("G3", CultureInfo.InvariantCulture);

    /// <summary>A mean and its standard error.</summary>
    public static string WithError(Evaluation.Estimate estimate) => double.IsNaN(estimate.StandardError)
        ? Number(estimate.Value)
        : $"{Number(estimate.Value)} ± {estimate.StandardError.ToString("G2", CultureInfo.InvariantCulture)}";
}
