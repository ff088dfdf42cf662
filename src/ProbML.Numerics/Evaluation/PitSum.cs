namespace ProbML.Evaluation;

/// <summary>PIT values, counted into a histogram and a coverage curve.</summary>
internal sealed class PitSum
{
    private const int Bins = 20;
    private readonly double[] bins = new double[Bins];
    private readonly double[] held = new double[CoverageCurve.Levels.Count];
    private double weight, mean, spread;

    public void Add(double u, double w)
    {
        bins[Math.Clamp((int)(u * Bins), 0, Bins - 1)] += w;
        double off = 2 * Math.Abs(u - 0.5), before = u - mean;
        for (int k = 0; k < held.Length; k++)
            held[k] += off <= CoverageCurve.Levels[k] ? w : 0;
        weight += w;
        mean += w / weight * before;
        spread += w * before * (u - mean);
    }

    public PitHistogram? Histogram => weight > 0
        ? new([.. bins.Select(bin => bin / weight)], mean, spread / weight)
        : null;

    public CoverageCurve? Curve => weight > 0 ? new([.. held.Select(one => one / weight)]) : null;
}
