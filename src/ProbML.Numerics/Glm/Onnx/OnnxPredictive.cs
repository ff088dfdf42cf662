namespace ProbML;

/// <summary><see cref="GlmPredictive"/> as ONNX operators: the distribution of a new observation at an uncertain η.</summary>
internal sealed class OnnxPredictive(
    IFamily family, ILinkFunction link, double dispersion, long degreesOfFreedom, double level)
{
    private readonly double studentQuantile =
        degreesOfFreedom > 0 ? StudentT.Quantile(0.5 + level / 2, degreesOfFreedom) : double.NaN;

    private bool IsLinear => family is GaussianFamily && link is IdentityLink;

    private bool IsKnown => dispersion >= 0;

    /// <summary>μ, NaN outside the link's domain.</summary>
    public OnnxMean At(OnnxReal eta)
    {
        var inside = link.IsInDomain(eta);
        var mean = link.Inverse(eta);
        return new(
            mean.Mean.Where(inside, double.NaN), mean.Complement.Where(inside, double.NaN),
            mean.Slope.Where(inside, double.NaN));
    }

    /// <summary>√(φV(μ) + (μ′ se)²).</summary>
    public OnnxReal StandardDeviation(in OnnxMean mean, OnnxReal error)
    {
        var meanError = mean.Slope.Abs() * error;
        return (dispersion * family.UnitVariance(mean) + meanError * meanError).Sqrt();
    }

    /// <summary>The quantiles of the predictive distribution at (1 ∓ level) / 2.</summary>
    public (OnnxReal Lower, OnnxReal Upper) Interval(OnnxReal eta, OnnxReal error)
    {
        if (!IsKnown)
            return (eta.Of(double.NaN) + 0 * eta, eta.Of(double.NaN) + 0 * eta);
        if (IsLinear)
        {
            var half = studentQuantile * (dispersion + error * error).Sqrt();
            return (eta - half, eta + half);
        }
        var mixture = Spread(eta, error);
        double tail = (1 - level) / 2;
        var both = new OnnxMixture(family, dispersion, degreesOfFreedom, mixture).Quantiles(tail, 1 - tail);
        return (both.Columns(0), both.Columns(1));
    }

    /// <summary>ln p(y | x); NaN where y is not known, −∞ where it is impossible.</summary>
    public OnnxReal LogDensity(OnnxReal y, OnnxReal eta, OnnxReal error)
    {
        if (!IsKnown)
            return eta.Of(double.NaN) + 0 * eta;
        var law = family.At(eta.Scope, dispersion, degreesOfFreedom);
        var possible = family.Supports(y);
        var safe = y.Where(possible & !y.IsNaN(), 1);
        OnnxReal density;
        if (IsLinear)
        {
            density = (law with { Dispersion = dispersion + error * error }).LogDensity(safe, OnnxMean.Of(eta));
        }
        else
        {
            var (means, weights) = Spread(eta, error);
            var parts = law.LogDensity(safe, OnnxMean.Of(means));
            density = (weights.Log() + parts.Where(weights > 0, 0)).RowLogSumExp();
        }
        return density.Where(possible, double.NegativeInfinity).Where(!y.IsNaN(), double.NaN);
    }

    /// <summary>The means at the nodes, [n, 7], and their weights, which add up to one; a weight of zero where there is none.</summary>
    private (OnnxReal Means, OnnxReal Weights) Spread(OnnxReal eta, OnnxReal error)
    {
        var scope = eta.Scope;
        int count = GlmPredictive.Nodes.Length;
        var centre = At(eta);
        var isNearlySure = centre.Slope.Abs() * error
            < GlmPredictive.NearlySure * (dispersion * family.UnitVariance(centre)).Sqrt();
        var isSure = !(error > 1e-9 * (1 + eta.Abs()));
        var nodes = scope.Choose(isNearlySure, Row(scope, GlmPredictive.FewNodes), Row(scope, GlmPredictive.Nodes));
        var shares = scope.Choose(isNearlySure, Row(scope, GlmPredictive.FewWeights), Row(scope, GlmPredictive.Weights));
        shares = scope.Choose(isSure, Row(scope, [1.0]), shares);
        var at = eta + error * nodes;
        var means = link.Inverse(at).Mean;
        var valid = link.IsInDomain(at) & family.IsValidMean(means);
        shares = shares.Where(valid, 0);
        return (means.Where(valid, 1), shares / shares.RowSum());

        OnnxReal Row(OnnxScope to, double[] few)
        {
            double[] all = new double[count];
            few.CopyTo(all, 0);
            return to.Constant(all, 1, count);
        }
    }
}
