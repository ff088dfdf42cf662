namespace ProbML.Reports.Plotting;

/// <summary>A density estimated by normal kernels of Silverman's width, 0.9 min(s, IQR / 1.34) n^(−1/5).</summary>
/// <remarks>Silverman (1986), eq. 3.31. Draws are counted into cells first, so that many cost as little as few.</remarks>
internal static class KernelDensity
{
    private const int Cells = 256;

    /// <summary>The density at evenly spaced places, three widths beyond the draws at either end.</summary>
    /// <param name="draws">The draws, in any order.</param>
    public static (double[] X, double[] Density) Of(IReadOnlyList<double> draws)
    {
        double[] sorted = [.. draws.Order()];
        double mean = sorted.Average(), deviation = Math.Sqrt(sorted.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, sorted.Length - 1));
        double quartiles = (ChainDiagnostics.Quantile(sorted, 0.75) - ChainDiagnostics.Quantile(sorted, 0.25)) / 1.34;
        double spread = quartiles > 0 ? Math.Min(deviation, quartiles) : deviation;
        double width = spread > 0 ? 0.9 * spread * Math.Pow(sorted.Length, -0.2) : Math.Max(1e-9, 1e-3 * Math.Abs(mean));
        double low = sorted[0] - 3 * width, cell = (sorted[^1] + 3 * width - low) / (Cells - 1);
        var counts = new double[Cells];
        foreach (double draw in sorted)
        {
            double place = (draw - low) / cell;              // a draw is shared by the cells beside it
            int below = Math.Min((int)place, Cells - 2);
            counts[below] += below + 1 - place;
            counts[below + 1] += place - below;
        }
        double[] x = [.. Enumerable.Range(0, Cells).Select(k => low + k * cell)], density = new double[Cells];
        for (int k = 0; k < Cells; k++)
        {
            for (int j = 0; j < Cells; j++)
                density[k] += counts[j] == 0 ? 0 : counts[j] * NormalDistribution.Density((x[k] - x[j]) / width);
            density[k] /= sorted.Length * width;
        }
        return (x, density);
    }
}
