using ProbML.Reports.Html;
using ProbML.Reports.Plotting;
using ScottPlot;

namespace ProbML.Reports;

/// <summary>A plot of a report, drawn in the size that is asked for.</summary>
public sealed class ReportPlot
{
    private readonly Action<Plot> draw;

    internal ReportPlot(string name, string title, string alternativeText, Action<Plot> draw, int width = 640, int height = 400)
    {
        (Name, Title, AlternativeText) = (FileName(name), Text.Plain(title), Text.Plain(alternativeText));
        (this.draw, Width, Height) = (draw, width, height);
    }

    /// <summary>Its name in the report: lower-case letters, digits and hyphens.</summary>
    public string Name { get; }

    /// <summary>What stands above it.</summary>
    public string Title { get; }

    /// <summary>What it shows, in words.</summary>
    public string AlternativeText { get; }

    /// <summary>The width that suits it, in pixels.</summary>
    public int Width { get; }

    /// <summary>The height that suits it, in pixels.</summary>
    public int Height { get; }

    /// <summary>The plot as an SVG document.</summary>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not between 16 and 20000 pixels.</exception>
    public string ToSvg(int width, int height)
    {
        Check(width, height);
        using var plot = Draw();
        return plot.GetSvgXml(width, height);
    }

    /// <summary>The plot as a PNG file, of twice so many pixels: letters and lines are as large in print as in the SVG.</summary>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not between 16 and 20000.</exception>
    public byte[] ToPng(int width, int height)
    {
        Check(width, height);
        using var plot = Draw();
        plot.ScaleFactor = 2;
        return plot.GetImageBytes(2 * width, 2 * height, ImageFormat.Png);
    }

    internal ReportPlot Named(string name) => new(name, Title, AlternativeText, draw, Width, Height);

    private Plot Draw()
    {
        var plot = Sketch.Begin(Title);
        draw(plot);
        Sketch.End(plot);
        return plot;
    }

    private static void Check(int width, int height)
    {
        foreach (int side in (int[])[width, height])
        {
            if (side is < 16 or > 20000)
                throw new ArgumentOutOfRangeException(
                    side == width ? nameof(width) : nameof(height), side, "A plot's sides must lie between 16 and 20000 pixels.");
        }
    }

    private static string FileName(string name)
    {
        var letters = name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-');
        string safe = string.Join('-', new string([.. letters]).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return safe.Length == 0 ? "plot" : safe.Length <= 80 ? safe : safe[..80];
    }
}
