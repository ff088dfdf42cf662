using ScottPlot;

namespace ProbML.Reports.Plotting;

/// <summary>Whether residuals are what they should be: standard normal, whatever was predicted.</summary>
internal static class ResidualPlots
{
    private const int Groups = 20;

    /// <summary>Residuals beside predictions, with their running median.</summary>
    public static ReportPlot AgainstFitted(double[] fitted, double[] residuals, int most, string text) => new(
        "residuals-fitted", "Quantile residuals and predictions", text, plot =>
        {
            int step = Math.Max(1, (fitted.Length + most - 1) / most);
            int[] shown = [.. Enumerable.Range(0, fitted.Length).Where(k => k % step == 0)];
            Sketch.Points(plot, [.. shown.Select(k => fitted[k])], [.. shown.Select(k => residuals[k])], Sketch.Blue.WithAlpha(0.45));
            var zero = plot.Add.HorizontalLine(0);
            (zero.LineColor, zero.LineWidth) = (Colors.Black.WithAlpha(0.6), 1);
            var (x, y) = RunningMedian(fitted, residuals);
            if (x.Length > 2)
                Sketch.Line(plot, x, y, Sketch.Vermilion, 2, "median");
            if (x.Length > 2)
                plot.ShowLegend(Alignment.UpperRight);
            Limits(plot, fitted, residuals);
            Sketch.Axes(plot, "predicted", "quantile residual");
        });

    /// <summary>The residuals' quantiles beside the normal distribution's, with a band that holds each with 95 %.</summary>
    public static ReportPlot NormalQuantiles(double[] residuals, int most, string text) => new(
        "residuals-normal", "Normal quantiles of the residuals", text, plot =>
        {
            double[] sorted = [.. residuals.Order()];
            int n = sorted.Length;
            int[] shown = [.. Places(n, Math.Min(most, 600))];
            double[] at = [.. shown.Select(k => (k + 0.5) / n)], z = [.. at.Select(NormalDistribution.Quantile)];
            double[] error = [.. at.Zip(z, (p, q) => 1.96 * Math.Sqrt(p * (1 - p) / n) / NormalDistribution.Density(q))];
            Sketch.Band(plot, z, [.. z.Zip(error, (q, e) => q - e)], [.. z.Zip(error, (q, e) => q + e)], Sketch.Grey, 0.2, "95 % each");
            Sketch.Reference(plot, z[0], z[0], z[^1], z[^1]);
            Sketch.Points(plot, z, [.. shown.Select(k => sorted[k])], Sketch.Blue, 4, "residuals");
            plot.ShowLegend(Alignment.UpperLeft);
            Limits(plot, z, [.. shown.Select(k => sorted[k])]);
            Sketch.Axes(plot, "standard normal quantile", "quantile residual");
        });

    /// <summary>Observed numbers beside predicted ones.</summary>
    public static ReportPlot ObservedAndPredicted(double[] predicted, double[] observed, int most, string text) => new(
        "observed-predicted", "Observed and predicted", text, plot =>
        {
            int step = Math.Max(1, (predicted.Length + most - 1) / most);
            int[] shown = [.. Enumerable.Range(0, predicted.Length).Where(k => k % step == 0)];
            double low = Math.Min(predicted.Min(), observed.Min()), high = Math.Max(predicted.Max(), observed.Max());
            Sketch.Points(plot, [.. shown.Select(k => predicted[k])], [.. shown.Select(k => observed[k])], Sketch.Blue.WithAlpha(0.45));
            Sketch.Reference(plot, low, low, high, high);
            Limits(plot, predicted, observed);
            Sketch.Axes(plot, "predicted mean", "observed");
        });

    /// <summary>The medians of groups of as many rows, by what was predicted.</summary>
    internal static (double[] X, double[] Y) RunningMedian(double[] x, double[] y)
    {
        double[] keys = [.. x], values = [.. y];
        Array.Sort(keys, values);
        int groups = Math.Min(Groups, x.Length / 20);
        var (places, medians) = (new List<double>(), new List<double>());
        for (int g = 0; g < groups; g++)
        {
            int from = (int)((long)g * x.Length / groups), to = (int)((long)(g + 1) * x.Length / groups);
            double place = keys[(from + to) / 2];
            if (places.Count > 0 && place <= places[^1])
                continue;
            places.Add(place);
            medians.Add(ChainDiagnostics.Quantile([.. values[from..to].Order()], 0.5));
        }
        return ([.. places], [.. medians]);
    }

    /// <summary>All places of few, else evenly spread ones with both ends in full.</summary>
    private static IEnumerable<int> Places(int count, int most)
    {
        int ends = most / 4;
        for (int k = 0; k < count; k++)
        {
            if (count <= most || k < ends || k >= count - ends || k % (count / (most - 2 * ends) + 1) == 0)
                yield return k;
        }
    }

    private static void Limits(Plot plot, double[] x, double[] y)
    {
        var (left, right) = Edges(x);
        var (bottom, top) = Edges(y);
        plot.Axes.SetLimits(left, right, bottom, top);
    }

    private static (double, double) Edges(double[] values)
    {
        double low = values.Min(), high = values.Max(), edge = high > low ? 0.05 * (high - low) : Math.Max(1e-9, 0.5 * Math.Abs(high) + 0.5);
        return (low - edge, high + edge);
    }
}
