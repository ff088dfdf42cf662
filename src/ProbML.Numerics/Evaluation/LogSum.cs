namespace ProbML.Evaluation;

/// <summary>Sums of numbers that are known by their logarithms.</summary>
public static class LogSum
{
    /// <summary>ln Σ exp(xᵢ); −∞ of nothing.</summary>
    public static double Of(ReadOnlySpan<double> x)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (double value in x)
            largest = Math.Max(largest, value);
        if (!double.IsFinite(largest))
            return largest;
        foreach (double value in x)
            sum += Math.Exp(value - largest);
        return largest + Math.Log(sum);
    }

    /// <summary>ln of the mean of exp(xᵢ).</summary>
    public static double Mean(ReadOnlySpan<double> x) => Of(x) - Math.Log(x.Length);
}
