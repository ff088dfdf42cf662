namespace ProbML.Fitting;

/// <summary>
/// The columns of models of K classes, and how they follow from probabilities and their logits' standard errors.
/// </summary>
internal static class ClassScores
{
    public const int LogDensity = 1, StandardError = 2, Lower = 3, Upper = 4;

    /// <summary>
    /// Score [K], LogDensity, ProbabilityStandardError [K], ProbabilityLowerBound [K], ProbabilityUpperBound [K].
    /// </summary>
    public static IReadOnlyList<OutputColumn> Columns(int classes) =>
    [
        new(ColumnNames.Score, classes, IsNormalized: true),
        new(ColumnNames.LogDensity),
        new(ColumnNames.ProbabilityStandardError, classes),
        new(ColumnNames.ProbabilityLowerBound, classes, IsNormalized: true),
        new(ColumnNames.ProbabilityUpperBound, classes, IsNormalized: true),
    ];

    /// <summary>Fills the probabilities alone.</summary>
    public static void FillScore(ReadOnlySpan<double> probabilities, Span<float> row)
    {
        for (int c = 0; c < probabilities.Length; c++)
            row[c] = (float)probabilities[c];
    }

    /// <summary>Fills a row of outputs.</summary>
    /// <param name="probabilities">p, [K].</param>
    /// <param name="logits">ln(p / (1 − p)), [K].</param>
    /// <param name="errors">Their standard errors, [K].</param>
    /// <param name="quantile">The normal quantile of the intervals.</param>
    /// <param name="y">The label, or NaN.</param>
    /// <param name="row">Where the columns go.</param>
    public static void Fill(
        ReadOnlySpan<double> probabilities, ReadOnlySpan<double> logits, ReadOnlySpan<double> errors, double quantile,
        double y, Span<float> row)
    {
        int k = probabilities.Length;
        FillScore(probabilities, row);
        for (int c = 0; c < k; c++)
        {
            double p = probabilities[c], spread = quantile * errors[c];
            row[k + 1 + c] = (float)(p * (1 - p) * errors[c]);
            row[2 * k + 1 + c] = (float)Links.Logit.Inverse(logits[c] - spread).Mean;
            row[3 * k + 1 + c] = (float)Links.Logit.Inverse(logits[c] + spread).Mean;
        }
        row[k] = (float)LogProbability(logits, errors, y);
    }

    /// <summary>
    /// ln P(y | x), the logits' uncertainty averaged over and the averages made to add up to one; −∞ for a label that
    /// is no class.
    /// </summary>
    private static double LogProbability(ReadOnlySpan<double> logits, ReadOnlySpan<double> errors, double y)
    {
        if (double.IsNaN(y))
            return double.NaN;
        if (!(y >= 0 && y < logits.Length && y == Math.Floor(y)))
            return double.NegativeInfinity;
        double total = 0, own = 0;
        for (int c = 0; c < logits.Length; c++)
        {
            double mean = 0;
            for (int i = 0; i < GlmPredictive.Nodes.Length; i++)
                mean += GlmPredictive.Weights[i] * Links.Logit.Inverse(logits[c] + errors[c] * GlmPredictive.Nodes[i]).Mean;
            total += mean;
            if (c == (int)y)
                own = mean;
        }
        return Math.Log(own / total);
    }
}
