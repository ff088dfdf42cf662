namespace ProbML;

public sealed partial class TobitModel : IOnnxModel
{
    /// <inheritdoc/>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var scope = new OnnxScope(graph);
        int q = Parts.Transform.Width;
        double quantile = NormalDistribution.Quantile(0.5 + Parts.Level / 2);
        var z = Parts.Transform.Apply(scope, rows.Features);
        var eta = z.Times(scope.Coefficients(slopes, q, 1));
        if (rows.Offset.Exists)
            eta += scope.Double(rows.Offset);
        var response = new OnnxCensoredNormal(eta, Sigma, lower, upper);
        var variance = hasCovariance ? z.QuadraticForm(slopeCovariance, q).Max(0) : 0 * eta;
        OnnxReal slope = response.MeanSlope, scale = response.MeanScaleSlope, error = slope * slope * variance;
        if (hasCovariance)
        {
            var cross = z.Times(scope.Coefficients(crossCovariance, q, 1));
            error = (error + 2 * (slope * scale * cross) + scale * scale * Parts.Covariance[^1]).Max(0);
        }
        var spread = (Sigma * Sigma + variance).Sqrt();
        var columns = new OnnxReal?[Outputs.Count];
        if (wanted.Wants(0))
            columns[0] = response.Mean;
        if (wanted.Wants(1) && rows.Response.Exists)
            columns[1] = LogDensity(scope.Double(rows.Response), eta, spread);
        if (wanted.Wants(2))
            columns[2] = (response.Variance + error).Sqrt();
        if (wanted.Wants(3))
            columns[3] = error.Sqrt();
        if (wanted.Wants(4))
            columns[4] = Clamp(eta - quantile * spread);
        if (wanted.Wants(5))
            columns[5] = Clamp(eta + quantile * spread);
        if (wanted.Wants(6))
            columns[6] = eta;
        if (wanted.Wants(7))
            columns[7] = (response.Lower + response.Upper).Min(1);
        return columns.Finish(eta.IsFinite());
    }

    private OnnxReal Clamp(OnnxReal value) => value.Max(lower).Min(upper);

    /// <summary>ln p(y), at a limit the logarithm of its probability; −∞ beyond the limits.</summary>
    private OnnxReal LogDensity(OnnxReal y, OnnxReal eta, OnnxReal spread)
    {
        var scope = y.Scope;
        var r = (y - eta) / spread;
        var density = r.NormalLogDensity() - spread.Log();
        density = scope.Choose(y.Is(upper), (-r).NormalLogCdf(), density);
        density = scope.Choose(y.Is(lower), r.NormalLogCdf(), density);
        return density.Where(!((y < lower) | (y > upper)), double.NegativeInfinity).Where(!y.IsNaN(), double.NaN);
    }
}
