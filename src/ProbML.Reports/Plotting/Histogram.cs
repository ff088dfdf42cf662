using ScottPlot;

namespace ProbML.Reports.Plotting;

/// <summary>How often numbers lie where.</summary>
internal static class Histogram
{
    private const int MostBins = 60;

    /// <param name="name">The plot's name.</param>
    /// <param name="title">What stands above.</param>
    /// <param name="meaning">What the numbers are.</param>
    /// <param name="text">What it shows, in words.</param>
    /// <param name="values">The numbers; the outermost two thousandths are left out of the picture.</param>
    /// <param name="mark">Where a red line stands; NaN: nowhere.</param>
    public static ReportPlot Of(string name, string title, string meaning, string text, double[] values, double mark) => new(
        name, title, text, plot =>
        {
            double[] sorted = [.. values.Order()];
            double low = ChainDiagnostics.Quantile(sorted, 0.001), high = ChainDiagnostics.Quantile(sorted, 0.999);
            if (double.IsFinite(mark))
                (low, high) = (Math.Min(low, mark), Math.Max(high, mark));
            if (!(high > low))
                (low, high) = (low - 0.5, low + 0.5);
            int bins = Math.Clamp((int)Math.Sqrt(values.Length), 5, MostBins);
            double width = (high - low) / bins;
            var counts = new double[bins];
            foreach (double value in values.Where(value => value >= low && value <= high))
                counts[Math.Min(bins - 1, (int)((value - low) / width))]++;
            plot.Add.Bars((Bar[])[.. counts.Select((count, k) => new Bar
            {
                Position = low + (k + 0.5) * width, Value = count, Size = width, FillColor = Sketch.Blue.WithAlpha(0.55), LineColor = Colors.White, LineWidth = 1,
            })]);
            if (double.IsFinite(mark))
                Sketch.Whisker(plot, (mark, 0), (mark, 1.05 * counts.Max()), Sketch.Vermilion);
            plot.Axes.SetLimits(low - width, high + width, 0, 1.08 * counts.Max());
            Sketch.Axes(plot, meaning, "rows");
        });
}
