namespace ProbML.TwoSample;

/// <summary>What every method asks of two samples, [n, d] and [m, d], row-major.</summary>
internal static class SampleCheck
{
    /// <summary>The rows of each sample.</summary>
    /// <exception cref="ArgumentException">A length is no multiple of d, a sample is too small, or a number is not finite.</exception>
    public static (int First, int Second) Rows(
        ReadOnlySpan<double> first, ReadOnlySpan<double> second, int featureCount, int least = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureCount);
        return (Rows(first, featureCount, least, "first"), Rows(second, featureCount, least, "second"));
    }

    public static int Rows(ReadOnlySpan<double> sample, int featureCount, int least, string which)
    {
        if (sample.Length % featureCount != 0)
            throw new ArgumentException(
                $"The {which} sample's {sample.Length} numbers are no whole rows of {featureCount} features.");
        int rows = sample.Length / featureCount;
        if (rows < least)
            throw new ArgumentException($"The {which} sample has {rows} rows; {least} or more are needed.");
        for (int i = 0; i < sample.Length; i++)
            if (!double.IsFinite(sample[i]))
                throw new ArgumentException(
                    $"Row {i / featureCount + 1} of the {which} sample has {sample[i]} in column {i % featureCount + 1}. Leave "
                    + "such rows out, or fill them in.");
        return rows;
    }
}
