namespace ProbML;

/// <summary>Means and variances of a stream of vectors. Welford (1962), Technometrics 4.</summary>
internal sealed class RunningVariance(int dimension)
{
    private readonly double[] mean = new double[dimension], squares = new double[dimension];
    private int count;

    public void Clear()
    {
        count = 0;
        Array.Clear(mean);
        Array.Clear(squares);
    }

    public void Add(ReadOnlySpan<double> value)
    {
        count++;
        for (int i = 0; i < mean.Length; i++)
        {
            double gap = value[i] - mean[i];
            mean[i] += gap / count;
            squares[i] += gap * (value[i] - mean[i]);
        }
    }

    /// <summary>Variances drawn a little towards 0.001, as Stan does, so that a short window gives none of zero.</summary>
    public void Regularised(Span<double> variance)
    {
        if (count < 3)
            return;
        for (int i = 0; i < mean.Length; i++)
            variance[i] = count / (count + 5.0) * (squares[i] / (count - 1)) + 1e-3 * (5 / (count + 5.0));
    }
}
