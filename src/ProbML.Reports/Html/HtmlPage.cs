using System.Globalization;
using System.Xml.Linq;

namespace ProbML.Reports.Html;

/// <summary>A report as a page: built as a tree, so that every name in it is text.</summary>
internal static class HtmlPage
{
    public static string Of(ModelReport report)
    {
        var page = new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("title", report.Title),
                new XElement("style", PageStyle.Css)),
            new XElement(
                "body",
                new XElement("header", new XElement("h1", report.Title)),
                Contents(report),
                new XElement("main", report.Sections.Select(Section)),
                new XElement("footer", new XElement("p", $"ProbML {typeof(HtmlPage).Assembly.GetName().Version?.ToString(3)}"))));
        return $"<!DOCTYPE html>\n{page.ToString(SaveOptions.DisableFormatting)}\n";
    }

    private static XElement Contents(ModelReport report) => new(
        "nav",
        new XAttribute("aria-label", "Contents"),
        new XElement("ul", report.Sections.Select((section, k) => new XElement(
            "li", new XElement("a", new XAttribute("href", $"#{Place(k)}"), section.Title)))));

    private static XElement Section(ReportSection section, int k) => new(
        "section",
        new XAttribute("id", Place(k)),
        new XAttribute("aria-labelledby", $"{Place(k)}-title"),
        new XElement("h2", new XAttribute("id", $"{Place(k)}-title"), section.Title),
        section.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(part => new XElement("p", part)),
        section.Plots.Count == 0 ? null : new XElement("div", new XAttribute("class", "plots"), section.Plots.Select(Figure)),
        section.Tables.Select(Table));

    private static XElement Figure(ReportPlot plot) => new(
        "figure",
        new XAttribute("style", string.Create(CultureInfo.InvariantCulture, $"flex:1 1 {plot.Width * 4 / 5}px;max-width:{plot.Width + 16}px")),
        InlineSvg.Of(plot),
        new XElement("figcaption", new XAttribute("id", $"{plot.Name}-text"), plot.AlternativeText));

    private static object Table(ReportTable table)
    {
        var element = new XElement(
            "table",
            new XElement("caption", table.Title),
            new XElement("thead", new XElement(
                "tr", table.Columns.Select(column => new XElement("th", new XAttribute("scope", "col"), column)))),
            new XElement("tbody", table.Rows.Select(row => new XElement(
                "tr",
                row.Select((cell, k) => k == 0
                    ? new XElement("th", new XAttribute("scope", "row"), cell)
                    : new XElement("td", cell))))));
        var scrolled = new XElement("div", new XAttribute("class", "table"), new XAttribute("tabindex", "0"), element);
        return table.Rows.Count <= 30 ? scrolled : new XElement(
            "details", new XElement("summary", $"{table.Title}: {table.Rows.Count} rows"), scrolled);
    }

    private static string Place(int k) => string.Create(CultureInfo.InvariantCulture, $"part-{k + 1}");
}
