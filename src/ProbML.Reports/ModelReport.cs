using ProbML.Reports.Files;
using ProbML.Reports.Html;

namespace ProbML.Reports;

/// <summary>What is to be seen of a model or of drift: sections of text, tables and plots.</summary>
/// <remarks>Immutable and thread-safe: the data have been read, and plots are drawn when they are asked for.</remarks>
public sealed class ModelReport
{
    internal ModelReport(string title, IReadOnlyList<ReportSection> sections)
    {
        Title = Text.Plain(title);
        var names = new HashSet<string>(StringComparer.Ordinal);
        Sections = [.. sections.Select(section => section.WithUniqueNames(names))];
    }

    /// <summary>The title of the page.</summary>
    public string Title { get; }

    /// <summary>The sections, in order.</summary>
    public IReadOnlyList<ReportSection> Sections { get; }

    /// <summary>The report as one page that needs nothing else: no network, no script; plots are inline SVG.</summary>
    /// <remarks>Well-formed as XML. Names of columns and levels are text, whatever they contain.</remarks>
    public string ToHtml() => HtmlPage.Of(this);

    /// <summary>Writes the page; a file that is there is replaced once the new one is whole.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException">The path is empty, or a folder.</exception>
    /// <exception cref="DirectoryNotFoundException">Its folder does not exist.</exception>
    /// <exception cref="IOException">It cannot be written; what was there before remains.</exception>
    public void SaveHtml(string path)
    {
        ReportFile.Check(path);
        ReportFile.Write(path, System.Text.Encoding.UTF8.GetBytes(ToHtml()));
    }

    /// <summary>Writes each plot as a PNG file of its name, at twice its size for sharp print.</summary>
    /// <param name="folder">The folder; it is created if it is not there.</param>
    /// <exception cref="ArgumentException">The path is empty, or a file.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void SavePlots(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (File.Exists(folder))
            throw new ArgumentException($"The plots cannot be written to '{folder}': it is a file. Name a folder.", nameof(folder));
        Directory.CreateDirectory(folder);
        foreach (var plot in Sections.SelectMany(section => section.Plots))
            ReportFile.Write(Path.Combine(folder, plot.Name + ".png"), plot.ToPng(plot.Width, plot.Height));
    }
}
