namespace ProbML;

public sealed partial class OrdinalModel : IOnnxModel
{
    /// <inheritdoc/>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var scope = new OnnxScope(graph);
        int width = prediction.Width;
        var all = Parts.Transform.Apply(scope, rows.Features);
        OnnxReal? x = width == 0 ? null : all.Columns([.. Enumerable.Range(1, width).Select(j => (long)j)]);
        var eta = x?.Times(scope.Constant(prediction.Slopes, width, 1)) ?? 0 * all;
        if (rows.Offset.Exists)
            eta += scope.Double(rows.Offset);
        bool more = !wanted.IsEmpty ? wanted[1..].Contains(true) : true;
        var (p, logits, errors) = Classes(x, eta, more && hasCovariance);
        return OnnxClassScores.Fill(p, logits, errors, quantile, rows.Response, classNames.Length, wanted)
            .Finish(eta.IsFinite());
    }

    /// <summary>Probabilities, logits and the logits' standard errors, [n, K]; zero errors where none are asked for.</summary>
    private (OnnxReal P, OnnxReal Logits, OnnxReal Errors) Classes(OnnxReal? x, OnnxReal eta, bool spread)
    {
        var scope = eta.Scope;
        int width = prediction.Width;
        double[] thresholds = prediction.Thresholds;
        OnnxReal zero = 0 * eta, one = zero + 1, below = zero, crossed = zero;
        var variance = spread ? x?.QuadraticForm(prediction.SlopeCovariance, width) ?? zero : zero;
        int cuts = thresholds.Length, n = width + cuts;
        var lower = new OnnxMean(zero, one, zero);
        OnnxReal[] p = new OnnxReal[cuts + 1], logits = new OnnxReal[cuts + 1], errors = new OnnxReal[cuts + 1];
        for (int k = 0; k <= cuts; k++)
        {
            var upper = k < cuts ? Link.Inverse(thresholds[k] - eta) : new OnnxMean(one, zero, zero);
            var between = scope.Choose(lower.Mean < 0.5, upper.Mean - lower.Mean, lower.Complement - upper.Complement);
            p[k] = k == 0 ? upper.Mean : k == cuts ? lower.Complement : between;
            var rest = lower.Mean + upper.Complement;
            logits[k] = k == 0 ? upper.LogMean - upper.LogComplement
                : k == cuts ? lower.LogComplement - lower.LogMean
                : p[k].Max(MeanPoint.Smallest).Log() - rest.Log();
            if (!spread)
            {
                (errors[k], lower) = (zero, upper);
                continue;
            }
            int place = (width + k) * n + width + k;
            var cross = k < cuts ? x?.Times(scope.Constant(prediction.CrossCovariance[k], width, 1)) ?? zero : zero;
            var own = k < cuts ? Parts.Covariance[place] - 2 * cross + variance : zero;
            var both = k > 0 && k < cuts ? Parts.Covariance[place - 1] - cross - crossed + variance : zero;
            OnnxReal a = upper.Slope / p[k] / rest, b = lower.Slope / p[k] / rest;
            var square = a * a * own - 2 * (a * b * both) + b * b * below;
            errors[k] = square.Where(square.IsFinite(), 0).Max(0).Sqrt();
            (lower, below, crossed) = (upper, own, cross);
        }
        return (scope.Join(p), scope.Join(logits), scope.Join(errors));
    }
}
