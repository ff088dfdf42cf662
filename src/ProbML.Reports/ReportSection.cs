namespace ProbML.Reports;

/// <summary>A part of a report.</summary>
public sealed class ReportSection
{
    internal ReportSection(
        string title, string text, IReadOnlyList<ReportTable>? tables = null, IReadOnlyList<ReportPlot>? plots = null) =>
        (Title, Text, Tables, Plots) = (Html.Text.Plain(title), Html.Text.Plain(text), tables ?? [], plots ?? []);

    /// <summary>Its title.</summary>
    public string Title { get; }

    /// <summary>What it says and how to read it, in paragraphs divided by empty lines.</summary>
    public string Text { get; }

    /// <summary>Its tables.</summary>
    public IReadOnlyList<ReportTable> Tables { get; }

    /// <summary>Its plots.</summary>
    public IReadOnlyList<ReportPlot> Plots { get; }

    /// <summary>The same, its plots' names unlike those that are taken.</summary>
    internal ReportSection WithUniqueNames(HashSet<string> taken) => new(Title, Text, Tables, [.. Plots.Select(plot => Unique(plot, taken))]);

    private static ReportPlot Unique(ReportPlot plot, HashSet<string> taken)
    {
        string name = plot.Name;
        for (int k = 2; !taken.Add(name); k++)
            name = $"{plot.Name}-{k}";
        return plot.Named(name);
    }
}
