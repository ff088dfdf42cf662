namespace ProbML.Vae;

/// <summary>What one pass over the training rows found of each column, [d], over its observed values.</summary>
internal sealed record ColumnStatistics(double[] Mean, double[] StandardDeviation, bool[] HasMissing)
{
    /// <summary>Columns as they are: centre 0, scale 1, nothing missing.</summary>
    public static ColumnStatistics Standard(int columns) =>
        new(new double[columns], [.. Enumerable.Repeat(1.0, columns)], new bool[columns]);

    public bool AnyMissing => HasMissing.AsSpan().Contains(true);
}
