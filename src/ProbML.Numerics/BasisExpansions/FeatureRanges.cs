namespace ProbML;

/// <summary>Means, standard deviations and ranges of features.</summary>
internal sealed record FeatureRanges(double[] Mean, double[] Deviation, double[] Least, double[] Largest)
{
    /// <summary>z = (x − mean) / sd; 0 for a constant feature.</summary>
    public void Standardise(ReadOnlySpan<double> x, Span<double> z)
    {
        for (int j = 0; j < x.Length; j++)
            z[j] = Deviation[j] > 0 ? (x[j] - Mean[j]) / Deviation[j] : 0 * x[j];
    }

    /// <summary>The place between least and largest.</summary>
    public void Place(ReadOnlySpan<double> x, Span<double> place)
    {
        for (int j = 0; j < x.Length; j++)
            place[j] = Largest[j] > Least[j] ? (x[j] - Least[j]) / (Largest[j] - Least[j]) : 0 * x[j];
    }
}
