namespace ProbML.GaussianProcesses;

/// <summary><see cref="HeteroscedasticPrediction"/> as ONNX operators.</summary>
internal static class HeteroscedasticOnnx
{
    /// <param name="latent">f, and the logarithm of its noise.</param>
    /// <param name="rows">The response and the offset, where there are any.</param>
    /// <param name="wanted">Which columns are.</param>
    public static OnnxReal?[] Emit(OnnxLatent latent, OnnxRows rows, ReadOnlySpan<bool> wanted)
    {
        var columns = new OnnxReal?[BayesianColumns.Of(PredictionTask.Regression).Count];
        var scope = latent.Mean.Scope;
        double scale = latent.Scaling.TargetScale;
        var mean = latent.Scaling.TargetShift + scale * latent.Mean;
        if (rows.Offset.Exists)
            mean += scope.Double(rows.Offset);
        if (wanted.Wants(BayesianColumns.Score))
            columns[BayesianColumns.Score] = mean;
        if (latent is not { Variance: { } variance, White: { } white, LogNoise: { } logNoise, LogNoiseVariance: { } spread })
            return columns;
        double[] nodes = ResponseMixtureOnnx.Nodes, weights = ResponseMixtureOnnx.Weights;
        var noise = white + (logNoise + 0.5 * spread).Exp();
        if (wanted.Wants(BayesianColumns.StandardDeviation))
            columns[BayesianColumns.StandardDeviation] = scale * (variance + noise).Sqrt();
        if (wanted.Wants(BayesianColumns.Epistemic))
            columns[BayesianColumns.Epistemic] = scale * variance.Sqrt();
        if (wanted.Wants(BayesianColumns.Aleatoric))
            columns[BayesianColumns.Aleatoric] = scale * noise.Sqrt();
        var variances = variance + white + (logNoise + spread.Sqrt() * scope.Constant(nodes, 1, nodes.Length)).Exp();
        if (wanted.Wants(BayesianColumns.Lower) || wanted.Wants(BayesianColumns.Upper))
        {
            var none = 0 * variances;
            var ends = new OnnxMixture(new OnnxLaw(Families.Gaussian, variances), (none, none + scope.Constant(weights, 1, nodes.Length)))
                .Quantiles(0.5 - latent.Level / 2, 0.5 + latent.Level / 2);
            (columns[BayesianColumns.Lower], columns[BayesianColumns.Upper]) =
                (mean + scale * ends.Columns(0), mean + scale * ends.Columns(1));
        }
        if (wanted.Wants(BayesianColumns.LogDensity) && rows.Response.Exists)
        {
            double[] logs = [.. weights.Select(weight => Math.Log(weight))];
            var residual = (scope.Double(rows.Response) - mean) / scale;
            var each = (residual / variances.Sqrt()).NormalLogDensity() - 0.5 * variances.Log();
            columns[BayesianColumns.LogDensity] = (each + scope.Constant(logs, 1, logs.Length)).RowLogSumExp() - Math.Log(scale);
        }
        return columns;
    }
}
