using ProbML.Reports.Facts;
using ScottPlot;

namespace ProbML.Reports.Plotting;

/// <summary>Estimates under each other with their intervals, and zero for reference.</summary>
internal static class ForestPlot
{
    private const int RowHeight = 22;

    /// <param name="name">The plot's name.</param>
    /// <param name="title">What stands above.</param>
    /// <param name="meaning">What the axis is.</param>
    /// <param name="text">What it shows, in words.</param>
    /// <param name="all">What is to be drawn, from top to bottom.</param>
    public static ReportPlot Of(string name, string title, string meaning, string text, IReadOnlyList<Coefficient> all) =>
        new(name, title, text, plot => Draw(plot, meaning, all), 640, 110 + RowHeight * all.Count);

    private static void Draw(Plot plot, string meaning, IReadOnlyList<Coefficient> all)
    {
        double[] places = [.. Enumerable.Range(0, all.Count).Select(k => (double)(all.Count - 1 - k))];
        var zero = plot.Add.VerticalLine(0);
        (zero.LineColor, zero.LineWidth) = (Colors.Black.WithAlpha(0.5), 1);
        for (int k = 0; k < all.Count; k++)
        {
            var c = all[k];
            bool isClear = c.Lower > 0 || c.Upper < 0;
            var color = isClear ? Sketch.Blue : Sketch.Grey;
            Sketch.Whisker(plot, (c.Lower, places[k]), (c.Upper, places[k]), color);
            Sketch.Points(plot, [c.Estimate], [places[k]], color, 8);
        }
        plot.Axes.Left.SetTicks(places, [.. all.Select(c => Html.Text.Short(c.Name))]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        double low = Math.Min(0, all.Min(c => c.Lower)), high = Math.Max(0, all.Max(c => c.Upper)), edge = high > low ? 0.04 * (high - low) : 1;
        plot.Axes.SetLimits(low - edge, high + edge, -0.7, all.Count - 0.3);
        Sketch.Axes(plot, meaning, "");
    }
}
