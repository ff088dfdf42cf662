namespace ProbML.Flows;

/// <summary>Mean and covariance of a flow's preprocessed rows, by draws: what proposals for missing values start from.</summary>
/// <param name="Mean">[d].</param>
/// <param name="Covariance">[d, d].</param>
internal sealed record FlowMoments(double[] Mean, double[,] Covariance)
{
    private const int Draws = 2048;
    private const double Tail = 0.005;

    /// <summary>Of draws whose tails are cut, so that moments exist where those of the flow do not.</summary>
    public static FlowMoments Of(FlowGraphs graphs, NoiseDistribution noise)
    {
        int d = noise.Dimension;
        float[] rows = FlowDraws.Of(graphs, noise, Draws, new(1));
        var columns = new double[d][];
        for (int j = 0; j < d; j++)
            columns[j] = Cut([.. Enumerable.Range(0, Draws).Select(i => (double)rows[i * d + j])]);
        double[] mean = [.. columns.Select(column => column.Average())];
        var covariance = new double[d, d];
        for (int j = 0; j < d; j++)
        {
            for (int k = 0; k <= j; k++)
            {
                double sum = 0;
                for (int i = 0; i < Draws; i++)
                    sum += (columns[j][i] - mean[j]) * (columns[k][i] - mean[k]);
                covariance[j, k] = covariance[k, j] = sum / Draws;
            }
            covariance[j, j] = covariance[j, j] * (1 + 1e-6) + 1e-9;
        }
        return new(mean, covariance);
    }

    private static double[] Cut(double[] values)
    {
        double[] rising = [.. values.Where(double.IsFinite).Order()];
        if (rising.Length == 0)
            return new double[values.Length];
        double low = rising[(int)(Tail * rising.Length)], high = rising[(int)((1 - Tail) * rising.Length)];
        return Array.ConvertAll(values, value => double.IsNaN(value) ? rising[rising.Length / 2] : Math.Clamp(value, low, high));
    }
}

/// <summary>Preprocessed rows f⁻¹(u), u ~ b.</summary>
internal static class FlowDraws
{
    /// <summary>[n, d].</summary>
    public static float[] Of(FlowGraphs graphs, NoiseDistribution noise, int count, Random random)
    {
        float[] drawn = Noise(noise, count, random), rows = new float[drawn.Length];
        graphs.Sample(count, drawn, rows);
        return rows;
    }

    /// <summary>u, [n, d].</summary>
    public static float[] Noise(NoiseDistribution noise, int count, Random random)
    {
        int d = noise.Dimension;
        var drawn = new float[count * d];
        var one = new double[d];
        for (int i = 0; i < count; i++)
        {
            noise.Sample(random, one);
            for (int j = 0; j < d; j++)
                drawn[i * d + j] = (float)one[j];
        }
        return drawn;
    }
}
