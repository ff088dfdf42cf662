using ScottPlot;

namespace ProbML.Reports.Plotting;

/// <summary>A line of predictions with bands about it.</summary>
/// <param name="Name">What it is, for the legend; null: there is but one.</param>
/// <param name="Mean">[n].</param>
/// <param name="Bands">Lower and upper ends with what they hold, the widest first.</param>
internal sealed record BandLine(string? Name, double[] Mean, IReadOnlyList<(string Meaning, double[] Lower, double[] Upper)> Bands);

/// <summary>Predictions along a feature.</summary>
internal static class BandPlot
{
    /// <param name="name">The plot's name.</param>
    /// <param name="text">What it shows, in words.</param>
    /// <param name="feature">The feature.</param>
    /// <param name="response">What is predicted.</param>
    /// <param name="x">The feature's values; a few of them are drawn as marks with whiskers.</param>
    /// <param name="isContinuous">Whether values between those make sense.</param>
    /// <param name="lines">What is predicted.</param>
    /// <param name="points">Observed rows behind it.</param>
    public static ReportPlot Of(
        string name, string text, string feature, string response, double[] x, bool isContinuous, IReadOnlyList<BandLine> lines,
        IReadOnlyList<(double X, double Y)> points) => new(name, $"Along {Html.Text.Short(feature, 40)}", text, plot =>
    {
        if (points.Count > 0)
            Sketch.Points(plot, [.. points.Select(point => point.X)], [.. points.Select(point => point.Y)], Sketch.Grey.WithAlpha(0.35), 3.5f, "observed");
        bool isFirst = true;
        foreach (var (line, color) in lines.Zip(lines.Count == 1 ? [Sketch.Blue] : Sketch.Groups))
        {
            foreach (var (meaning, lower, upper) in line.Bands.Where(band => Array.TrueForAll(band.Lower, double.IsFinite) && Array.TrueForAll(band.Upper, double.IsFinite)))
            {
                if (isContinuous)
                    Sketch.Band(plot, x, lower, upper, color, line.Bands[0].Meaning == meaning ? 0.16 : 0.4, isFirst ? meaning : null);
                else
                    for (int k = 0; k < x.Length; k++)
                        Sketch.Whisker(plot, (x[k], lower[k]), (x[k], upper[k]), color.WithAlpha(0.45), line.Bands[0].Meaning == meaning ? 2 : 6);
            }
            if (isContinuous)
                Sketch.Line(plot, x, line.Mean, color, 2, line.Name ?? "predicted");
            else
                Sketch.Points(plot, x, line.Mean, color, 9, line.Name ?? "predicted");
            isFirst = false;
        }
        Limits(plot, x, lines, points);
        if (!isContinuous)
            plot.Axes.Bottom.SetTicks(x, [.. x.Select(value => Html.Text.Number(value))]);
        if (lines.Count > 1)
            plot.ShowLegend(Edge.Right);
        else
            plot.ShowLegend(Alignment.UpperLeft);
        Sketch.Axes(plot, feature, response);
    });

    /// <summary>As far as predictions reach, and the middle 98 % of what was observed.</summary>
    private static void Limits(Plot plot, double[] x, IReadOnlyList<BandLine> lines, IReadOnlyList<(double X, double Y)> points)
    {
        double[] seen = [.. points.Select(point => point.Y).Order()];
        double[] all =
        [
            .. lines.SelectMany(line => line.Mean.Concat(line.Bands.SelectMany(band => band.Lower.Concat(band.Upper)))).Where(double.IsFinite),
            .. seen.Length == 0 ? [] : new[] { ChainDiagnostics.Quantile(seen, 0.01), ChainDiagnostics.Quantile(seen, 0.99) },
        ];
        if (all.Length == 0)
            return;
        double edge = 0.05 * Math.Max(1e-12, all.Max() - all.Min()), side = 0.03 * (x[^1] - x[0]);
        plot.Axes.SetLimits(x[0] - side * (x.Length > 2 ? 1 : 6), x[^1] + side * (x.Length > 2 ? 1 : 6), all.Min() - edge, all.Max() + 2 * edge);
    }
}
