namespace ProbML;

public sealed partial class GlmModel : IOnnxModel
{
    /// <inheritdoc/>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var scope = new OnnxScope(graph);
        var columns = new OnnxReal?[Outputs.Count];
        var z = parts.Transform.Apply(scope, rows.Features);
        var eta = z.Times(scope.Coefficients(parts.Scaled, parts.Transform.Width, 1));
        if (rows.Offset.Exists)
            eta += scope.Double(rows.Offset);
        var error = hasCovariance
            ? (z.QuadraticForm(parts.Covariance, parts.Transform.Width) * Statistics.Dispersion).Max(0).Sqrt()
            : 0 * eta;
        var law = new OnnxPredictive(
            parts.Family, parts.Link, Statistics.Dispersion, predictive.DegreesOfFreedom, parts.Options.Level);
        bool isRegression = parts.Task == PredictionTask.Regression;
        if (isRegression)
            EmitRegression(law, eta, error, columns, wanted);
        else
            EmitBinary(eta, error, columns, wanted);
        foreach (int column in KnowsErrors ? default : Unknown)
        {
            if (wanted.Wants(column))
                columns[column] = 0 * eta + double.NaN;
        }
        if (rows.Response.Exists && wanted.Wants(GlmColumns.LogDensity))
            columns[GlmColumns.LogDensity] = law.LogDensity(scope.Double(rows.Response), eta, error);
        return columns.Finish(!eta.IsNaN());
    }

    private static void EmitRegression(
        OnnxPredictive law, OnnxReal eta, OnnxReal error, OnnxReal?[] columns, ReadOnlySpan<bool> wanted)
    {
        var mean = law.At(eta);
        if (wanted.Wants(GlmColumns.Score))
            columns[GlmColumns.Score] = mean.Mean;
        if (wanted.Wants(GlmColumns.StandardError))
            columns[GlmColumns.StandardError] = mean.Slope.Abs() * error;
        if (wanted.Wants(GlmColumns.StandardDeviation))
            columns[GlmColumns.StandardDeviation] = law.StandardDeviation(mean, error);
        if (wanted.Wants(GlmColumns.Lower) || wanted.Wants(GlmColumns.Upper))
        {
            var (lower, upper) = law.Interval(eta, error);
            (columns[GlmColumns.Lower], columns[GlmColumns.Upper]) = (lower, upper);
        }
    }

    private void EmitBinary(OnnxReal eta, OnnxReal error, OnnxReal?[] columns, ReadOnlySpan<bool> wanted)
    {
        var half = NormalDistribution.Quantile(0.5 + parts.Options.Level / 2) * error;
        if (wanted.Wants(GlmColumns.Score))
            columns[GlmColumns.Score] = eta;
        if (wanted.Wants(GlmColumns.StandardError))
            columns[GlmColumns.StandardError] = error;
        if (wanted.Wants(GlmColumns.Probability))
            columns[GlmColumns.Probability] = parts.Link.Inverse(eta).Mean;
        if (wanted.Wants(GlmColumns.ProbabilityLower))
            columns[GlmColumns.ProbabilityLower] = parts.Link.Inverse(eta - half).Mean;
        if (wanted.Wants(GlmColumns.ProbabilityUpper))
            columns[GlmColumns.ProbabilityUpper] = parts.Link.Inverse(eta + half).Mean;
    }
}
