namespace ProbML.GaussianProcesses;

/// <summary><see cref="ResponseMixture"/> as ONNX operators.</summary>
internal static class ResponseMixtureOnnx
{
    /// <summary>Nodes of a standard normal from −7 to 7, a quarter apart: columns are in single precision.</summary>
    internal static readonly double[] Nodes = [.. Enumerable.Range(-28, 57).Select(k => 0.25 * k)];

    /// <summary>Their weights.</summary>
    internal static readonly double[] Weights = [.. Nodes.Select(z => 0.25 * NormalDistribution.Density(z))];

    /// <param name="latent">f.</param>
    /// <param name="rows">The response and the offset, where there are any.</param>
    /// <param name="wanted">Which columns are.</param>
    /// <param name="family">The response given its mean.</param>
    /// <param name="dispersion">Its dispersion.</param>
    /// <param name="degreesOfFreedom">Of Student's t, where the family is the Gaussian; else infinite.</param>
    /// <param name="isLog">Whether the mean is e^f, and an offset is added to f; if not both are f's own.</param>
    public static OnnxReal?[] Emit(
        OnnxLatent latent, OnnxRows rows, ReadOnlySpan<bool> wanted, IFamily family, double dispersion, double degreesOfFreedom,
        bool isLog)
    {
        var columns = new OnnxReal?[BayesianColumns.Of(PredictionTask.Regression).Count];
        var scope = latent.Mean.Scope;
        double scale = latent.Scaling.TargetScale;
        var mean = latent.Mean;
        var shift = latent.Scaling.TargetShift + 0 * mean;
        if (rows.Offset.Exists)
        {
            var offset = scope.Double(rows.Offset);
            (mean, shift) = isLog ? (mean + offset, shift) : (mean, shift + offset);
        }
        if (!isLog && wanted.Wants(BayesianColumns.Score))
            columns[BayesianColumns.Score] = shift + scale * mean;
        if (latent.Variance is not { } variance || latent.White is not { } white)
            return columns;
        var f = mean + (variance + white).Sqrt() * scope.Constant(Nodes, 1, Nodes.Length);
        var means = isLog ? f.Exp() : f;
        var weights = scope.Constant(Weights, Nodes.Length, 1);
        var expected = means.Times(weights);
        var apart = means - expected;
        var epistemic = (apart * apart).Times(weights);
        double inflation = double.IsFinite(degreesOfFreedom) ? degreesOfFreedom / (degreesOfFreedom - 2) : 1;
        var noise = (dispersion * inflation * family.UnitVariance(new OnnxMean(means, 1 - means, means))).Times(weights);
        if (isLog && wanted.Wants(BayesianColumns.Score))
            columns[BayesianColumns.Score] = expected;
        if (wanted.Wants(BayesianColumns.StandardDeviation))
            columns[BayesianColumns.StandardDeviation] = scale * (epistemic + noise).Sqrt();
        if (wanted.Wants(BayesianColumns.Epistemic))
            columns[BayesianColumns.Epistemic] = scale * epistemic.Sqrt();
        if (wanted.Wants(BayesianColumns.Aleatoric))
            columns[BayesianColumns.Aleatoric] = scale * noise.Sqrt();
        if (wanted.Wants(BayesianColumns.Lower) || wanted.Wants(BayesianColumns.Upper))
        {
            var shares = 0 * means + scope.Constant(Weights, 1, Nodes.Length);
            var ends = new OnnxMixture(family, dispersion, degreesOfFreedom, (means, shares))
                .Quantiles(0.5 - latent.Level / 2, 0.5 + latent.Level / 2);
            (columns[BayesianColumns.Lower], columns[BayesianColumns.Upper]) =
                (shift + scale * ends.Columns(0), shift + scale * ends.Columns(1));
        }
        if (wanted.Wants(BayesianColumns.LogDensity) && rows.Response.Exists)
        {
            var y = (scope.Double(rows.Response) - shift) / scale;
            var possible = family.Supports(y);
            if (family.IsDiscrete)
                possible &= y.Floor().Is(y);
            var safe = y.Where(possible, 1);
            var each = double.IsFinite(degreesOfFreedom)
                ? Student(safe - means, Math.Sqrt(dispersion), degreesOfFreedom)
                : family.LogDensity(safe, means, dispersion);
            double[] logs = [.. Weights.Select(weight => Math.Log(weight))];
            columns[BayesianColumns.LogDensity] = ((each + scope.Constant(logs, 1, logs.Length)).RowLogSumExp() - Math.Log(scale))
                .Where(possible, double.NegativeInfinity).Where(!y.IsNaN(), double.NaN);
        }
        return columns;
    }

    private static OnnxReal Student(OnnxReal residual, double scale, double nu)
    {
        var t = residual / scale;
        return -0.5 * (nu + 1) * (t * t / nu).Log1p() - 0.5 * Math.Log(nu) - GammaFunctions.LogBeta(0.5 * nu, 0.5) - Math.Log(scale);
    }
}
