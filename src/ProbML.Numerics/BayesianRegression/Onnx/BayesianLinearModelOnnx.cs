namespace ProbML;

public sealed partial class BayesianLinearModel : IOnnxModel
{
    /// <inheritdoc/>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var scope = new OnnxScope(graph);
        int q = posterior.Transform.Width;
        var z = posterior.Transform.Apply(scope, rows.Features);
        var eta = z.Times(scope.Coefficients(posterior.Mean, q, 1));
        if (rows.Offset.Exists)
            eta += scope.Double(rows.Offset);
        var latent = z.QuadraticForm(posterior.Covariance, q).Max(0);
        double factor = Math.Sqrt(posterior.VarianceFactor);
        var square = latent + posterior.Noise;
        var scale = square.Sqrt();
        var columns = new OnnxReal?[Outputs.Count];
        if (wanted.Wants(BayesianColumns.Score))
            columns[BayesianColumns.Score] = eta;
        if (wanted.Wants(BayesianColumns.StandardDeviation))
            columns[BayesianColumns.StandardDeviation] = scale * factor;
        if (wanted.Wants(BayesianColumns.Epistemic))
            columns[BayesianColumns.Epistemic] = latent.Sqrt() * factor;
        if (wanted.Wants(BayesianColumns.Aleatoric))
            columns[BayesianColumns.Aleatoric] = 0 * eta + Math.Sqrt(posterior.Noise) * factor;
        if (wanted.Wants(BayesianColumns.Lower))
            columns[BayesianColumns.Lower] = eta - quantile * scale;
        if (wanted.Wants(BayesianColumns.Upper))
            columns[BayesianColumns.Upper] = eta + quantile * scale;
        if (wanted.Wants(BayesianColumns.LogDensity) && rows.Response.Exists)
        {
            var law = new OnnxLaw(Families.Gaussian, square, posterior.DegreesOfFreedom);
            columns[BayesianColumns.LogDensity] = law.LogDensity(scope.Double(rows.Response), OnnxMean.Of(eta));
        }
        return columns.Finish(!eta.IsNaN());
    }
}
