using ScottPlot;
using SkiaSharp;

namespace ProbML.Reports.Plotting;

/// <summary>Colours that the colour-blind tell apart (Okabe &amp; Ito), a plain letter, and quiet axes.</summary>
internal static class Sketch
{
    private static readonly string[] Letters =
        ["Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans", "Noto Sans", "Open Sans", "Roboto", "Verdana"];

    private static readonly Lazy<string> Letter = new(() =>
    {
        var present = SKFontManager.Default.FontFamilies.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Array.Find(Letters, present.Contains) ?? Fonts.Sans;
    });

    public static Color Blue { get; } = Color.FromHex("#0072B2");

    public static Color Vermilion { get; } = Color.FromHex("#D55E00");

    public static Color Grey { get; } = Color.FromHex("#6B7280");

    /// <summary>Colours of groups, in order.</summary>
    public static IReadOnlyList<Color> Groups { get; } =
    [
        .. ((string[])["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C6D31", "#7570B3", "#A6761D"])
            .Select(hex => Color.FromHex(hex)),
    ];

    public static Plot Begin(string title)
    {
        var plot = new Plot();
        plot.Title(Html.Text.Short(title, 72));
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(0.07);
        return plot;
    }

    /// <summary>Sets what later axes, legends and titles have made anew.</summary>
    public static void End(Plot plot)
    {
        plot.Font.Set(Letter.Value);
        plot.Axes.Title.Label.FontSize = 15;
        plot.Axes.Title.Label.Bold = true;
        foreach (var axis in (IAxis[])[plot.Axes.Left, plot.Axes.Bottom])
        {
            axis.TickLabelStyle.FontSize = 12;
            axis.Label.FontSize = 13;
            axis.Label.Bold = false;
        }
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.OutlineColor = Colors.Black.WithAlpha(0.15);
        plot.Legend.FontSize = 12;
    }

    public static void Axes(Plot plot, string x, string y)
    {
        plot.XLabel(Html.Text.Short(x, 60));
        plot.YLabel(Html.Text.Short(y, 28));
    }

    public static void Points(Plot plot, double[] x, double[] y, Color color, float size = 4, string? legend = null)
    {
        var points = plot.Add.ScatterPoints(x, y, color);
        points.MarkerSize = size;
        if (legend is not null)
            points.LegendText = Html.Text.Short(legend, 24);
    }

    public static void Line(Plot plot, double[] x, double[] y, Color color, float width = 2, string? legend = null)
    {
        var line = plot.Add.ScatterLine(x, y, color);
        line.LineWidth = width;
        if (legend is not null)
            line.LegendText = Html.Text.Short(legend, 24);
    }

    public static void Band(Plot plot, double[] x, double[] lower, double[] upper, Color color, double opacity, string? legend = null)
    {
        var band = plot.Add.FillY(x, lower, upper);
        band.FillColor = color.WithAlpha(opacity);
        band.LineWidth = 0;
        band.MarkerSize = 0;
        if (legend is not null)
            band.LegendText = legend;
    }

    /// <summary>A line of reference: y = a + b x between two places.</summary>
    public static void Reference(Plot plot, double x1, double y1, double x2, double y2)
    {
        var line = plot.Add.Line(x1, y1, x2, y2);
        (line.LineColor, line.LineWidth) = (Colors.Black.WithAlpha(0.6), 1);
    }

    /// <summary>An interval with a mark in it.</summary>
    public static void Whisker(Plot plot, (double X, double Y) from, (double X, double Y) to, Color color, float width = 2)
    {
        var line = plot.Add.Line(from.X, from.Y, to.X, to.Y);
        (line.LineColor, line.LineWidth, line.MarkerSize) = (color, width, 0);
    }
}
