namespace ProbML.Evaluation;

/// <summary>The quantile of calibration scores below which a new score falls with a guaranteed probability.</summary>
/// <remarks>Vovk, Gammerman &amp; Shafer (2005); Lei et al. (2018), theorem 2.2: holds for any n, whatever the model.</remarks>
public static class ConformalQuantile
{
    /// <summary>The ⌈(n + 1) level⌉-th smallest score; +∞ where n is too small for the level.</summary>
    /// <param name="scores">[n] scores of rows that the model has not seen, exchangeable with new rows.</param>
    /// <param name="level">The probability to guarantee, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public static double Of(ReadOnlySpan<double> scores, double level)
    {
        Check(level);
        double place = Math.Ceiling((scores.Length + 1) * level * (1 - 1e-14));
        if (place > scores.Length)
            return double.PositiveInfinity;
        double[] sorted = scores.ToArray();
        Array.Sort(sorted);
        return sorted[(int)place - 1];
    }

    /// <summary>The same for weighted scores, as under covariate shift: the level quantile of Σ pᵢ δ(sᵢ) + p δ(∞).</summary>
    /// <param name="scores">[n].</param>
    /// <param name="weights">[n], each ∝ the density ratio of the new rows' features to these rows'.</param>
    /// <param name="newWeight">The same of the row to be predicted.</param>
    /// <param name="level">The probability to guarantee, in (0, 1).</param>
    /// <remarks>Tibshirani, Barber, Candès &amp; Ramdas (2019), corollary 1.</remarks>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public static double Of(ReadOnlySpan<double> scores, ReadOnlySpan<double> weights, double newWeight, double level)
    {
        Check(level);
        return new WeightedConformalQuantile(scores, weights).At(newWeight, level);
    }

    internal static void Check(double level)
    {
        if (!(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A level must lie between 0 and 1.");
    }
}
