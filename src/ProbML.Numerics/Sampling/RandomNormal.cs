namespace ProbML;

/// <summary>Draws of a standard normal.</summary>
internal static class RandomNormal
{
    /// <summary>Φ⁻¹ of a uniform draw in (0, 1): one uniform a draw, so that streams stay in step.</summary>
    public static double Draw(Random random)
    {
        double u = random.NextDouble();
        return NormalDistribution.Quantile(u > 0 ? u : 0.25 / (1L << 53));
    }

    /// <summary>Fills a span with independent draws.</summary>
    public static void Fill(Random random, Span<double> values)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = Draw(random);
    }
}
