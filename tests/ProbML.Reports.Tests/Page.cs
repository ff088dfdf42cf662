using System.Xml.Linq;

namespace ProbML.Reports.Tests;

/// <summary>A page as a browser would take it, and what must hold of every one.</summary>
internal static class Page
{
    private static readonly string[] Loading = ["src", "srcset", "data", "poster", "action", "background"];

    /// <summary>The page as a tree; it is well-formed, runs nothing, fetches nothing, and says of each plot what it shows.</summary>
    public static XElement Check(ModelReport report)
    {
        string html = report.ToHtml();
        if (Environment.GetEnvironmentVariable("PROBML_REPORTS") is { } folder)        // to be looked at
            report.SaveHtml(Path.Combine(folder, $"{string.Concat(report.Title.Where(char.IsLetterOrDigit))}.html"));
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", html, StringComparison.OrdinalIgnoreCase);
        var page = XDocument.Parse(html).Root!;
        foreach (var element in page.DescendantsAndSelf())
        {
            Assert.DoesNotContain(element.Name.LocalName, (string[])["script", "link", "iframe", "object", "embed", "base", "form", "foreignObject"]);
            foreach (var attribute in element.Attributes())
            {
                Assert.DoesNotContain(attribute.Name.LocalName, Loading);
                Assert.False(attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase), $"{attribute}");
                if (attribute.Name.LocalName == "href")
                    Assert.True(attribute.Value.StartsWith('#') || attribute.Value.StartsWith("data:image/png;base64,", StringComparison.Ordinal), attribute.Value);
            }
        }
        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        foreach (var svg in page.Descendants("svg"))
        {
            Assert.Equal("img", (string?)svg.Attribute("role"));
            Assert.NotEmpty((string)svg.Attribute("aria-label")!);
            Assert.Contains((string)svg.Attribute("aria-describedby")!, ids);
            foreach (var use in svg.Descendants().Attributes().Where(one => one.Value.StartsWith("url(#", StringComparison.Ordinal)))
                Assert.Contains(use.Value[5..^1], ids);
        }
        foreach (var table in page.Descendants("table"))
        {
            Assert.NotEmpty(table.Element("caption")!.Value);
            Assert.All(table.Descendants("th"), th => Assert.Contains((string)th.Attribute("scope")!, (string[])["col", "row"]));
            int width = table.Element("thead")!.Descendants("th").Count();
            Assert.All(table.Element("tbody")!.Elements("tr"), row => Assert.Equal(width, row.Elements().Count()));
        }
        Assert.Equal(report.Sections.Sum(section => section.Plots.Count), page.Descendants("svg").Count());
        foreach (var plot in report.Sections.SelectMany(section => section.Plots))
        {
            Assert.NotEmpty(plot.AlternativeText);
            Assert.Matches("^[a-z0-9-]+$", plot.Name);
        }
        return page;
    }

    public static string[] Titles(ModelReport report) => [.. report.Sections.Select(section => section.Title)];

    public static ReportPlot Plot(ModelReport report, string name) => report.Sections.SelectMany(section => section.Plots).Single(plot => plot.Name == name);

    /// <summary>A cell of a table by the names of its row and column.</summary>
    public static string Cell(ModelReport report, string table, string row, string column)
    {
        var found = report.Sections.SelectMany(section => section.Tables).First(one => one.Title == table);
        int place = found.Columns.Index().First(pair => pair.Item == column).Index;
        return found.Rows.First(one => one[0] == row)[place];
    }
}
