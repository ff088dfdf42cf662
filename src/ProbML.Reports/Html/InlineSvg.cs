using System.Xml.Linq;

namespace ProbML.Reports.Html;

/// <summary>A plot as an element of a page, which scales with it and whose names clash with no other's.</summary>
internal static class InlineSvg
{
    private const string Fonts = ", system-ui, \"Segoe UI\", Arial, sans-serif";

    public static XElement Of(ReportPlot plot)
    {
        var drawn = XDocument.Parse(plot.ToSvg(plot.Width, plot.Height)).Root!;
        var svg = Copy(drawn, plot.Name + "-");
        svg.SetAttributeValue("width", null);
        svg.SetAttributeValue("height", null);
        svg.SetAttributeValue("viewBox", $"0 0 {plot.Width} {plot.Height}");
        svg.SetAttributeValue("role", "img");
        svg.SetAttributeValue("aria-label", plot.Title);
        svg.SetAttributeValue("aria-describedby", $"{plot.Name}-text");
        return svg;
    }

    /// <summary>The element without namespaces, which HTML knows by itself, and without white space between elements.</summary>
    private static XElement Copy(XElement drawn, string prefix)
    {
        var copy = new XElement(drawn.Name.LocalName);
        foreach (var attribute in drawn.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration))
            copy.SetAttributeValue(attribute.Name.LocalName, Value(attribute.Name.LocalName, attribute.Value, prefix));
        foreach (var node in drawn.Nodes())
        {
            if (node is XElement element)
                copy.Add(Copy(element, prefix));
            else if (node is XText text && text.Value.Trim() is { Length: > 0 } words)
                copy.Add(new XText(words));
        }
        return copy;
    }

    private static string Value(string name, string value, string prefix) => name switch
    {
        "id" => prefix + value,
        "href" when value.StartsWith('#') => "#" + prefix + value[1..],
        "font-family" => value + Fonts,
        "x" or "y" => value.TrimEnd(' ', ','),
        _ => value.Replace("url(#", "url(#" + prefix, StringComparison.Ordinal),
    };
}
