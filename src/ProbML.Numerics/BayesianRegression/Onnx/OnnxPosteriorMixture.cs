using ProbML.Fitting;

namespace ProbML;

/// <summary><see cref="PosteriorMixture"/> as ONNX operators: nodes of η, [n, k], their weights and the family at each.</summary>
internal sealed class OnnxPosteriorMixture
{
    private readonly OnnxLaw law;
    private readonly ILinkFunction link;
    private readonly OnnxReal eta, weights, total;
    private readonly OnnxTruth valid;
    private readonly OnnxMean mean;
    private readonly int draws;

    private OnnxPosteriorMixture(OnnxLaw law, ILinkFunction link, OnnxReal eta, OnnxReal weights, int draws)
    {
        (this.law, this.link, this.eta, this.draws) = (law, link, eta, draws);
        mean = link.Inverse(eta);
        valid = link.IsInDomain(eta) & law.Family.IsValidMean(mean.Mean) & mean.Mean.IsFinite();
        mean = new(mean.Mean.Where(valid, 1), mean.Complement.Where(valid, 0), mean.Slope);
        this.weights = weights.Where(valid, 0);
        total = this.weights.RowSum();
    }

    private OnnxScope Scope => eta.Scope;

    /// <summary>E μ.</summary>
    public OnnxReal Mean => Average(mean.Mean);

    /// <summary>E η.</summary>
    public OnnxReal LinearPredictor => Average(eta);

    /// <summary>Var η.</summary>
    public OnnxReal LinearPredictorVariance => Average(Square(eta - LinearPredictor));

    /// <summary>Var μ.</summary>
    public OnnxReal Epistemic => Average(Square(mean.Mean - Mean));

    /// <summary>E φV(μ).</summary>
    public OnnxReal Aleatoric => Average(law.Variance(mean));

    /// <summary>One node a draw.</summary>
    public static OnnxPosteriorMixture OverDraws(PosteriorPredictive predictive, OnnxReal z, OnnxReal? offset)
    {
        var scope = z.Scope;
        var (coefficients, dispersions) = predictive.Draws();
        int count = dispersions.Length, q = coefficients.Length / count;
        var transposed = new double[coefficients.Length];
        for (int s = 0; s < count; s++)
        {
            for (int j = 0; j < q; j++)
                transposed[j * count + s] = coefficients[s * q + j];
        }
        var eta = z.Times(scope.Constant(transposed, q, count));
        double[] ones = new double[count];
        Array.Fill(ones, 1);
        return new(
            new(predictive.Family, Row(scope, dispersions)), predictive.Link, offset is { } added ? eta + added : eta,
            scope.Constant(ones, 1, count), count);
    }

    /// <summary>The trapezoidal rule over η, as fine as a row's spread asks, at each of a few levels of ln φ.</summary>
    public static OnnxPosteriorMixture OverNormal(PosteriorPredictive predictive, OnnxReal z, OnnxReal? offset)
    {
        var scope = z.Scope;
        var posterior = predictive.Posterior;
        int q = posterior.Transform.Width, n = posterior.Dimension;
        var eta = z.Times(scope.Constant(posterior.Mean.AsSpan(0, q), q, 1));
        if (offset is { } added)
            eta += added;
        if (posterior.Covariance.Length == 0)
            return new(new(predictive.Family, Row(scope, [predictive.DispersionAt(0)])), predictive.Link, eta, scope.Constant([1.0], 1, 1), 0);
        double[] block = new double[q * q], crossing = new double[q];
        for (int i = 0; i < q; i++)
        {
            posterior.Covariance.AsSpan(i * n, q).CopyTo(block.AsSpan(i * q));
            crossing[i] = posterior.HasTau ? posterior.Covariance[i * n + q] : 0;
        }
        var variance = z.QuadraticForm(block, q);
        double tauSpread = predictive.LogDispersionSpread;
        if (tauSpread == 0)
            return Spread(predictive, eta, variance.Max(0).Sqrt(), [0], [1]);
        var slope = z.Times(scope.Constant(crossing, q, 1)) / tauSpread;
        var rule = GaussianRule.Coarse(tauSpread);
        double[] levels = [.. Enumerable.Range(0, rule.Count).Select(rule.Node)], shares = [.. Enumerable.Range(0, rule.Count).Select(rule.Weight)];
        return Spread(predictive, eta + slope * Row(scope, levels), (variance - slope * slope).Max(0).Sqrt(), levels, shares);
    }

    /// <summary>ln p(y); NaN where y is not known, −∞ where it is impossible.</summary>
    public OnnxReal LogDensity(OnnxReal y)
    {
        var possible = law.Family.Supports(y);
        var parts = law.LogDensity(y.Where(possible & !y.IsNaN(), 1), mean);
        var density = (weights.Log() + parts.Where(weights > 0, 0)).RowLogSumExp() - total.Log();
        return density.Where(possible, double.NegativeInfinity).Where(!y.IsNaN(), double.NaN);
    }

    /// <summary>The smallest y with P(Y ≤ y) ≥ p, [n, m], for m levels p; of many draws evenly spaced ones are asked.</summary>
    public OnnxReal Quantiles(params double[] levels)
    {
        int stride = PosteriorMixture.Stride(draws);
        if (stride <= 1)
            return new OnnxMixture(law, (mean.Mean, weights / total)).Quantiles(levels);
        long[] some = [.. Enumerable.Range(0, (draws + stride - 1) / stride).Select(k => (long)k * stride)];
        var few = weights.Columns(some);
        return new OnnxMixture(
            law with { Dispersion = law.Dispersion.Columns(some) }, (mean.Mean.Columns(some), few / few.RowSum())).Quantiles(levels);
    }

    /// <summary>The central interval of η: normal about its mean, or between quantiles of draws.</summary>
    public (OnnxReal Lower, OnnxReal Upper) LinearPredictorInterval(double level)
    {
        if (draws > 0)
        {
            var sorted = eta.Where(valid, double.PositiveInfinity).Sorted(draws);
            var last = valid.ToReal().RowSum() - 1;
            return (Between(sorted, (0.5 - level / 2) * last, last), Between(sorted, (0.5 + level / 2) * last, last));
        }
        OnnxReal centre = LinearPredictor, half = NormalDistribution.Quantile(0.5 + level / 2) * LinearPredictorVariance.Sqrt();
        return (centre - half, centre + half);
    }

    /// <summary>Nodes about each level's centre, a row's own number of them: the weights of the others are zero.</summary>
    private static OnnxPosteriorMixture Spread(
        PosteriorPredictive predictive, OnnxReal centres, OnnxReal spread, double[] levels, double[] shares)
    {
        var scope = spread.Scope;
        var (steps, step, side) = OnnxGaussianRule.Coarse(spread);
        var places = step * steps;
        var ruled = OnnxGaussianRule.Weights(places, step).Where(!(steps.Abs() > side), 0);
        var eta = (centres.Unsqueeze(2) + (spread * places).Unsqueeze(1)).Reshape(0, -1);
        var weights = (Row(scope, shares).Unsqueeze(2) * ruled.Unsqueeze(1)).Reshape(0, -1);
        var dispersion = Row(scope, [.. levels.Select(predictive.DispersionAt)]);
        if (levels.Length > 1)
            dispersion = (dispersion.Unsqueeze(2) + 0 * steps.Unsqueeze(1)).Reshape(1, -1);
        return new(new(predictive.Family, dispersion), predictive.Link, eta, weights, 0);
    }

    private static OnnxReal Between(OnnxReal sorted, OnnxReal place, OnnxReal last)
    {
        OnnxReal below = place.Floor(), left = sorted.At(below.Max(0)), right = sorted.At((below + 1).Min(last).Max(0));
        return left + (place - below) * (right - left);
    }

    private OnnxReal Average(OnnxReal values) => (weights * values.Where(valid, 0)).RowSum() / total;

    private static OnnxReal Square(OnnxReal value) => value * value;

    private static OnnxReal Row(OnnxScope scope, double[] values) => scope.Constant(values, 1, values.Length);
}
