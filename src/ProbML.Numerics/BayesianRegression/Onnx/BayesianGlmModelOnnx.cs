namespace ProbML;

public sealed partial class BayesianGlmModel : IOnnxModel
{
    /// <inheritdoc/>
    /// <remarks>Over draws a row takes a number a draw in each of the graph's tensors: score blocks of some hundred rows.</remarks>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var scope = new OnnxScope(graph);
        var z = posterior.Transform.Apply(scope, rows.Features);
        OnnxReal? offset = rows.Offset.Exists ? scope.Double(rows.Offset) : null;
        var mixture = DrawCount > 0
            ? OnnxPosteriorMixture.OverDraws(predictive, z, offset)
            : OnnxPosteriorMixture.OverNormal(predictive, z, offset);
        var columns = new OnnxReal?[Outputs.Count];
        if (Task == PredictionTask.Regression)
            EmitRegression(mixture, columns, wanted);
        else
            EmitBinary(mixture, columns, wanted);
        if (wanted.Wants(BayesianColumns.LogDensity) && rows.Response.Exists)
            columns[BayesianColumns.LogDensity] = mixture.LogDensity(scope.Double(rows.Response));
        return columns.Finish(z.RowSum().IsFinite() & !mixture.LinearPredictor.IsNaN());
    }

    private void EmitRegression(OnnxPosteriorMixture mixture, OnnxReal?[] columns, ReadOnlySpan<bool> wanted)
    {
        if (wanted.Wants(BayesianColumns.Score))
            columns[BayesianColumns.Score] = mixture.Mean;
        if (wanted.Wants(BayesianColumns.StandardDeviation))
            columns[BayesianColumns.StandardDeviation] = (mixture.Epistemic + mixture.Aleatoric).Sqrt();
        if (wanted.Wants(BayesianColumns.Epistemic))
            columns[BayesianColumns.Epistemic] = mixture.Epistemic.Sqrt();
        if (wanted.Wants(BayesianColumns.Aleatoric))
            columns[BayesianColumns.Aleatoric] = mixture.Aleatoric.Sqrt();
        if (wanted.Wants(BayesianColumns.Lower) || wanted.Wants(BayesianColumns.Upper))
        {
            var both = mixture.Quantiles(0.5 - Level / 2, 0.5 + Level / 2);
            (columns[BayesianColumns.Lower], columns[BayesianColumns.Upper]) = (both.Columns(0), both.Columns(1));
        }
    }

    private void EmitBinary(OnnxPosteriorMixture mixture, OnnxReal?[] columns, ReadOnlySpan<bool> wanted)
    {
        if (wanted.Wants(BayesianColumns.Score))
            columns[BayesianColumns.Score] = mixture.LinearPredictor;
        if (wanted.Wants(BayesianColumns.Probability))
            columns[BayesianColumns.Probability] = mixture.Mean;
        if (wanted.Wants(BayesianColumns.Epistemic))
            columns[BayesianColumns.Epistemic] = mixture.Epistemic.Sqrt();
        if (wanted.Wants(BayesianColumns.Aleatoric))
            columns[BayesianColumns.Aleatoric] = mixture.Aleatoric.Sqrt();
        if (wanted.Wants(BayesianColumns.StandardError))
            columns[BayesianColumns.StandardError] = mixture.LinearPredictorVariance.Sqrt();
        if (wanted.Wants(BayesianColumns.Lower) || wanted.Wants(BayesianColumns.Upper))
        {
            var (lower, upper) = mixture.LinearPredictorInterval(Level);
            columns[BayesianColumns.Lower] = Link.Inverse(lower).Mean;
            columns[BayesianColumns.Upper] = Link.Inverse(upper).Mean;
        }
    }
}
