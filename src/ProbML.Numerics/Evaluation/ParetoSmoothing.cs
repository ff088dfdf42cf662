namespace ProbML.Evaluation;

/// <summary>Replaces the largest importance weights by the quantiles of a Pareto tail fitted to them.</summary>
/// <remarks>Vehtari, Simpson, Gelman, Yao &amp; Gabry (2024), algorithm 1.</remarks>
public static class ParetoSmoothing
{
    private const int LeastTail = 5;

    /// <summary>Smooths log weights in place, and normalises them: their exponentials sum to one.</summary>
    /// <param name="logWeights">[S].</param>
    /// <param name="relativeEfficiency">Effective draws per draw, in (0, 1].</param>
    /// <returns>
    /// The shape k of the tail: below ½ the weights have a variance, above 0.7 they are of no use. +∞ where there are too few
    /// weights for a tail; −∞ where the tail is constant.
    /// </returns>
    public static double Smooth(Span<double> logWeights, double relativeEfficiency = 1)
    {
        int count = logWeights.Length;
        int tail = (int)Math.Ceiling(Math.Min(0.2 * count, 3 * Math.Sqrt(count / relativeEfficiency)));
        double largest = double.NegativeInfinity;
        foreach (double value in logWeights)
            largest = Math.Max(largest, value);
        for (int s = 0; s < count; s++)
            logWeights[s] -= largest;
        double shape = double.PositiveInfinity;
        if (tail >= LeastTail && tail < count)
        {
            var order = new int[count];
            for (int s = 0; s < count; s++)
                order[s] = s;
            var keys = logWeights.ToArray();
            Array.Sort(keys, order);
            shape = SmoothTail(logWeights, keys.AsSpan(), order.AsSpan(count - tail), tail);
            for (int s = 0; s < count; s++)
                logWeights[s] = Math.Min(logWeights[s], 0);
        }
        double total = LogSum.Of(logWeights);
        for (int s = 0; s < count; s++)
            logWeights[s] -= total;
        return shape;
    }

    /// <param name="logWeights">To be smoothed.</param>
    /// <param name="sorted">The same, ascending.</param>
    /// <param name="places">Where the largest of them stand, ascending.</param>
    /// <param name="tail">How many they are.</param>
    private static double SmoothTail(Span<double> logWeights, Span<double> sorted, Span<int> places, int tail)
    {
        double cutoff = Math.Exp(sorted[^(tail + 1)]);
        if (sorted[^1] == sorted[^tail])
            return double.NegativeInfinity;
        var exceedances = new double[tail];
        for (int j = 0; j < tail; j++)
            exceedances[j] = Math.Exp(sorted[sorted.Length - tail + j]) - cutoff;
        var pareto = GeneralizedPareto.Fit(exceedances);
        if (!double.IsFinite(pareto.Shape))
            return pareto.Shape;
        for (int j = 0; j < tail; j++)
            logWeights[places[j]] = Math.Log(pareto.Quantile((j + 0.5) / tail) + cutoff);
        return pareto.Shape;
    }
}
