using ScottPlot;

namespace ProbML.Reports.Plotting;

/// <summary>Bars under each other, the first on top.</summary>
internal static class RankedBars
{
    private const int RowHeight = 22;

    public static ReportPlot Of(
        string name, string title, string meaning, string text, IReadOnlyList<(string Name, double Value, Color Color)> all) => new(
        name, title, text, plot =>
        {
            plot.Add.Bars((Bar[])[.. all.Select((one, k) => new Bar
            {
                Position = all.Count - 1 - k, Value = one.Value, Size = 0.7, Orientation = Orientation.Horizontal, FillColor = one.Color.WithAlpha(0.75), LineWidth = 0,
            })]);
            plot.Axes.Left.SetTicks([.. all.Select((_, k) => (double)(all.Count - 1 - k))], [.. all.Select(one => Html.Text.Short(one.Name))]);
            plot.Axes.Left.MajorTickStyle.Length = 0;
            double high = all.Max(one => one.Value) is > 0 and var most ? most : 1, low = Math.Min(0, all.Min(one => one.Value));
            plot.Axes.SetLimits(low, high + 0.05 * (high - low), -0.7, all.Count - 0.3);
            Sketch.Axes(plot, meaning, "");
        }, 640, 110 + RowHeight * all.Count);
}
