using ProbML.Evaluation;
using ScottPlot;

namespace ProbML.Reports.Plotting;

/// <summary>Whether what is predicted with probability p happens with frequency p.</summary>
internal static class CalibrationPlots
{
    private const double Normal95 = 1.959963984540054;

    /// <summary>The histogram of u = F(y), and the band that each bar would lie in with 95 % if u were uniform.</summary>
    public static ReportPlot Pit(PitHistogram histogram, long rows, string text) => new(
        "pit", "Probability integral transform", text, plot =>
        {
            int bins = histogram.Shares.Count;
            double width = 1.0 / bins, half = Normal95 * Math.Sqrt(width * (1 - width) / rows) / width;
            var bars = plot.Add.Bars((Bar[])[.. histogram.Shares.Select((share, k) => new Bar
            {
                Position = (k + 0.5) * width, Value = share / width, Size = width, FillColor = Sketch.Blue.WithAlpha(0.55), LineColor = Colors.White, LineWidth = 1,
            })]);
            bars.LegendText = "rows";
            Sketch.Band(plot, [0, 1], [Math.Max(0, 1 - half), Math.Max(0, 1 - half)], [1 + half, 1 + half], Sketch.Vermilion, 0.22, "uniform, 95 % each");
            Sketch.Reference(plot, 0, 1, 1, 1);
            plot.ShowLegend(Alignment.UpperRight);
            plot.Axes.SetLimits(0, 1, 0, 1.3 * Math.Max(1 + half, histogram.Shares.Max() / width));
            Sketch.Axes(plot, "u = F(y)", "density");
        });

    /// <summary>What central intervals of every level hold.</summary>
    public static ReportPlot Coverage(CoverageCurve curve, long rows, string text) => new(
        "coverage", "Coverage of central intervals", text, plot =>
        {
            double[] levels = [0, .. CoverageCurve.Levels, 1], error = [.. levels.Select(p => Normal95 * Math.Sqrt(p * (1 - p) / rows))];
            Sketch.Band(
                plot, levels, [.. levels.Zip(error, (p, e) => Math.Max(0, p - e))], [.. levels.Zip(error, (p, e) => Math.Min(1, p + e))],
                Sketch.Vermilion, 0.22, "as promised, 95 % each");
            Sketch.Reference(plot, 0, 0, 1, 1);
            double[] nominal = [.. CoverageCurve.Levels], held = [.. curve.Coverage];
            Sketch.Line(plot, nominal, held, Sketch.Blue, 2, "held");
            Sketch.Points(plot, nominal, held, Sketch.Blue, 5);
            plot.ShowLegend(Alignment.UpperLeft);
            plot.Axes.SetLimits(0, 1, 0, 1);
            Sketch.Axes(plot, "level", "share of rows held");
        });

    /// <summary>Probabilities and frequencies, with Wilson's 95 % intervals.</summary>
    public static ReportPlot Reliability(string name, string title, ReliabilityTable table, string text) => new(
        name, title, text, plot =>
        {
            Sketch.Reference(plot, 0, 0, 1, 1);
            var bins = table.Bins.Where(bin => bin.Rows > 0).ToArray();
            foreach (var bin in bins)
            {
                var (lower, upper) = Wilson(bin.Frequency, bin.Rows);
                Sketch.Whisker(plot, (bin.MeanProbability, lower), (bin.MeanProbability, upper), Sketch.Blue.WithAlpha(0.7));
            }
            double[] x = [.. bins.Select(bin => bin.MeanProbability)], y = [.. bins.Select(bin => bin.Frequency)];
            Sketch.Line(plot, x, y, Sketch.Blue.WithAlpha(0.4), 1);
            Sketch.Points(plot, x, y, Sketch.Blue, 7);
            plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.02);
            Sketch.Axes(plot, "predicted probability", "observed frequency");
        }, 520, 400);

    /// <summary>How many rows were given which probability.</summary>
    public static ReportPlot Sharpness(string name, string title, ReliabilityTable table, string text) => new(
        name, title, text, plot =>
        {
            var bins = table.Bins;
            plot.Add.Bars((Bar[])[.. bins.Select(bin => new Bar
            {
                Position = (bin.Lower + bin.Upper) / 2, Value = bin.Rows, Size = bin.Upper - bin.Lower, FillColor = Sketch.Blue.WithAlpha(0.55), LineColor = Colors.White, LineWidth = 1,
            })]);
            plot.Axes.SetLimits(0, 1, 0, 1.08 * Math.Max(1, bins.Max(bin => bin.Rows)));
            Sketch.Axes(plot, "predicted probability", "rows");
        }, 520, 300);

    /// <summary>Wilson's interval of a frequency (1927).</summary>
    internal static (double Lower, double Upper) Wilson(double frequency, double rows)
    {
        const double Square = Normal95 * Normal95;
        double centre = (frequency + Square / (2 * rows)) / (1 + Square / rows);
        double half = Normal95 / (1 + Square / rows) * Math.Sqrt(frequency * (1 - frequency) / rows + Square / (4 * rows * rows));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
