namespace ProbML.GaussianProcesses;

public sealed partial class GaussianProcessModel : IOnnxModel
{
    /// <inheritdoc/>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var scope = new OnnxScope(graph);
        var scaling = fit.Scaling;
        var features = scope.Double(rows.Features);
        var x = (features - scope.Constant(scaling.Shift, FeatureCount)) / scope.Constant(scaling.Scale, FeatureCount);
        bool wantsVariance = wanted.IsEmpty || (Task == PredictionTask.Regression && !fit.Likelihood.ScalesTarget);
        for (int k = 0; k < wanted.Length; k++)
            wantsVariance |= wanted[k] && k != BayesianColumns.Score;
        var (mean, variance, white) = fit.Posterior.Emit(scope, x, wantsVariance);
        OnnxLatent latent = new(mean, variance, white, scaling, Level);
        if (wantsVariance && fit.Likelihood.LogNoise is { } noise)
        {
            var (logNoise, spread, _) = noise.Emit(scope, x, wantsVariance: true);
            latent = latent with { LogNoise = logNoise, LogNoiseVariance = spread };
        }
        var columns = fit.Likelihood.Emit(latent, rows, wanted);
        if (fit.Acquisition is { } promised)
        {
            var centre = scaling.TargetShift + scaling.TargetScale * mean;
            if (rows.Offset.Exists)
                centre += scope.Double(rows.Offset);
            OnnxReal? deviation = variance is { } known ? scaling.TargetScale * known.Sqrt() : null;
            int own = columns.Length;
            var asked = new bool[promised.All.Count];
            for (int k = 0; k < asked.Length; k++)
                asked[k] = wanted.Wants(own + k);
            columns = [.. columns, .. promised.Emit(centre, deviation, asked)];
        }
        return columns.Finish(features.RowSum().IsFinite());
    }
}
