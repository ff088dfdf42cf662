namespace ProbML.Reports.Plotting;

/// <summary>What is known of a parameter, and how its chains came to it.</summary>
internal static class PosteriorPlots
{
    private const int MostDraws = 400;                       // of a chain, in its trace

    /// <summary>The density of a parameter's draws, its interval shaded.</summary>
    public static ReportPlot Draws(string parameter, double[] draws, double lower, double upper, double mean, string text)
    {
        var (x, density) = KernelDensity.Of(draws);
        return Density(parameter, x, density, lower, upper, mean, text);
    }

    /// <summary>The normal density of a parameter, its interval shaded.</summary>
    public static ReportPlot Normal(string parameter, double mean, double deviation, double lower, double upper, string text)
    {
        double[] x = [.. Enumerable.Range(0, 201).Select(k => mean + deviation * (k - 100) / 25.0)];
        return Density(parameter, x, [.. x.Select(v => NormalDistribution.Density((v - mean) / deviation) / deviation)], lower, upper, mean, text);
    }

    /// <summary>The draws of each chain in their order, thinned where there are many.</summary>
    public static ReportPlot Trace(string parameter, double[][] chains, string text) => new(
        $"trace-{parameter}", $"Chains of {Html.Text.Short(parameter, 40)}", text, plot =>
        {
            foreach (var (chain, color) in chains.Zip(Enumerable.Range(0, chains.Length).Select(k => Sketch.Groups[k % Sketch.Groups.Count])))
            {
                int step = Math.Max(1, (chain.Length + MostDraws - 1) / MostDraws);
                int[] shown = [.. Enumerable.Range(0, chain.Length).Where(k => k % step == 0)];
                Sketch.Line(plot, [.. shown.Select(k => k + 1.0)], [.. shown.Select(k => chain[k])], color.WithAlpha(0.6), 1);
            }
            plot.Axes.SetLimitsX(0, chains.Max(chain => chain.Length) + 1);
            Sketch.Axes(plot, "draw", parameter);
        }, 560, 300);

    private static ReportPlot Density(string parameter, double[] x, double[] density, double lower, double upper, double mean, string text) => new(
        $"posterior-{parameter}", $"Posterior of {Html.Text.Short(parameter, 40)}", text, plot =>
        {
            int[] held = [.. Enumerable.Range(0, x.Length).Where(k => x[k] >= lower && x[k] <= upper)];
            if (held.Length > 1)
                Sketch.Band(plot, [.. held.Select(k => x[k])], new double[held.Length], [.. held.Select(k => density[k])], Sketch.Blue, 0.25);
            Sketch.Line(plot, x, density, Sketch.Blue);
            Sketch.Whisker(plot, (mean, 0), (mean, density.Max()), Sketch.Vermilion, 1.5f);
            plot.Axes.SetLimits(x[0], x[^1], 0, 1.08 * density.Max());
            Sketch.Axes(plot, parameter, "density");
        }, 560, 300);
}
