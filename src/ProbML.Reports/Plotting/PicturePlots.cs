using ScottPlot;

namespace ProbML.Reports.Plotting;

/// <summary>Maps and images.</summary>
internal static class PicturePlots
{
    private const int MostKinds = 10;

    /// <summary>Points in a plane, coloured by what they are; the rarest kinds share the last colour.</summary>
    public static ReportPlot Map(string name, string title, string text, string x, string y, IReadOnlyList<(double X, double Y, string? Kind)> points) => new(
        name, title, text, plot =>
        {
            var often = points.GroupBy(point => point.Kind ?? "").OrderByDescending(kind => kind.Count()).Select(kind => kind.Key).Take(MostKinds).ToHashSet();
            foreach (var (kind, k) in points.GroupBy(point => often.Contains(point.Kind ?? "") ? point.Kind ?? "" : "others").OrderBy(kind => kind.Key, StringComparer.Ordinal).Select((kind, k) => (kind, k)))
                Sketch.Points(
                    plot, [.. kind.Select(point => point.X)], [.. kind.Select(point => point.Y)], Sketch.Groups[k % Sketch.Groups.Count].WithAlpha(0.6), 4,
                    kind.Key.Length > 0 ? kind.Key : null);
            if (often.Count > 1)
                plot.ShowLegend(Edge.Right);
            Sketch.Axes(plot, x, y);
        }, 640, 460);

    /// <summary>Square images of values from low (black) to high (white), in rows.</summary>
    public static ReportPlot Images(string name, string title, string text, string[] labels, double[][][] rows)
    {
        int side = (int)Math.Sqrt(rows[0][0].Length), cell = side + 1, columns = rows.Max(row => row.Length);
        return new(name, title, text, plot =>
        {
            var pixels = new double[rows.Length * cell, columns * cell];
            for (int r = 0; r < rows.Length; r++)
            {
                for (int c = 0; c < rows[r].Length; c++)
                {
                    for (int i = 0; i < side * side; i++)
                        pixels[r * cell + i / side, c * cell + i % side] = rows[r][c][i];
                }
            }
            var map = plot.Add.Heatmap(pixels);
            map.Colormap = new ScottPlot.Colormaps.Grayscale();
            plot.Axes.Left.SetTicks([.. labels.Select((_, r) => (labels.Length - r - 0.5) * cell)], labels);
            plot.Axes.Bottom.SetTicks([], []);
            plot.HideGrid();
            plot.Axes.SetLimits(-0.5, columns * cell - 0.5, -0.5, rows.Length * cell - 0.5);
        }, 140 + 72 * columns, 80 + 72 * rows.Length);
    }

    /// <summary>A density over a plane, and points on it.</summary>
    /// <param name="name">The plot's name.</param>
    /// <param name="title">What stands above.</param>
    /// <param name="text">What it shows, in words.</param>
    /// <param name="axes">The names of the plane's axes.</param>
    /// <param name="range">What it covers.</param>
    /// <param name="density">[rows from high y to low, columns from low x to high].</param>
    /// <param name="points">Points on it.</param>
    public static ReportPlot Density(
        string name, string title, string text, (string X, string Y) axes, (double Left, double Right, double Bottom, double Top) range, double[,] density,
        IReadOnlyList<(double X, double Y)> points) => new(name, title, text, plot =>
    {
        var map = plot.Add.Heatmap(density);
        (map.Colormap, map.Smooth) = (new ScottPlot.Colormaps.Viridis(), true);
        double cellX = (range.Right - range.Left) / density.GetLength(1), cellY = (range.Top - range.Bottom) / density.GetLength(0);
        map.Position = new CoordinateRect(range.Left + cellX / 2, range.Right - cellX / 2, range.Bottom + cellY / 2, range.Top - cellY / 2);
        if (points.Count > 0)
            Sketch.Points(plot, [.. points.Select(point => point.X)], [.. points.Select(point => point.Y)], Colors.White.WithAlpha(0.6), 2.5f);
        plot.Add.ColorBar(map);
        plot.HideGrid();
        plot.Axes.SetLimits(range.Left, range.Right, range.Bottom, range.Top);
        Sketch.Axes(plot, axes.X, axes.Y);
    }, 640, 500);

    /// <summary>Two densities over each other.</summary>
    public static ReportPlot Overlay(string name, string title, string text, string x, (string Name, double[] Values) first, (string Name, double[] Values)? second) => new(
        name, title, text, plot =>
        {
            var (a, p) = KernelDensity.Of(first.Values);
            double top = p.Max();
            if (second is { } other)
            {
                var (b, q) = KernelDensity.Of(other.Values);
                Sketch.Band(plot, b, new double[b.Length], q, Sketch.Grey, 0.35, other.Name);
                top = Math.Max(top, q.Max());
            }
            Sketch.Line(plot, a, p, Sketch.Blue, 2, first.Name);
            plot.ShowLegend(Alignment.UpperRight);
            plot.Axes.SetLimitsY(0, 1.15 * top);
            Sketch.Axes(plot, x, "density");
        }, 480, 300);
}
