using ProbML.Fitting;

namespace ProbML;

/// <summary><see cref="ClassScores"/> as ONNX operators.</summary>
internal static class OnnxClassScores
{
    /// <summary>The columns, from logits and their standard errors, [n, K].</summary>
    /// <param name="probabilities">p.</param>
    /// <param name="logits">ln(p / (1 − p)).</param>
    /// <param name="errors">Their standard errors.</param>
    /// <param name="quantile">The normal quantile of the intervals.</param>
    /// <param name="y">The label's class, [n, 1], or a default value.</param>
    /// <param name="classes">K.</param>
    /// <param name="wanted">Which are wanted.</param>
    public static OnnxReal?[] Fill(
        OnnxReal probabilities, OnnxReal logits, OnnxReal errors, double quantile, OnnxValue y, int classes,
        ReadOnlySpan<bool> wanted)
    {
        var columns = new OnnxReal?[5];
        if (wanted.Wants(0))
            columns[0] = probabilities;
        if (wanted.Wants(ClassScores.StandardError))
            columns[ClassScores.StandardError] = probabilities * (1 - probabilities) * errors;
        if (wanted.Wants(ClassScores.Lower))
            columns[ClassScores.Lower] = Links.Logit.Inverse(logits - quantile * errors).Mean;
        if (wanted.Wants(ClassScores.Upper))
            columns[ClassScores.Upper] = Links.Logit.Inverse(logits + quantile * errors).Mean;
        if (wanted.Wants(ClassScores.LogDensity) && y.Exists)
            columns[ClassScores.LogDensity] = LogProbability(logits, errors, logits.Scope.Double(y), classes);
        return columns;
    }

    private static OnnxReal LogProbability(OnnxReal logits, OnnxReal errors, OnnxReal y, int classes)
    {
        var mean = 0 * logits;
        for (int i = 0; i < GlmPredictive.Nodes.Length; i++)
            mean += GlmPredictive.Weights[i] * Links.Logit.Inverse(logits + errors * GlmPredictive.Nodes[i]).Mean;
        double[] places = [.. Enumerable.Range(0, classes).Select(k => (double)k)];
        var own = y.Is(logits.Scope.Constant(places, 1, classes)).ToReal();
        return ((own * mean).RowSum() / mean.RowSum()).Log().Where(!y.IsNaN(), double.NaN);
    }
}
