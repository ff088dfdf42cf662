namespace ProbML;

/// <summary>A mixture of a family's distributions at several means, [n, 1, k], as ONNX operators.</summary>
/// <remarks>
/// Quantiles are sought at several levels at once, [n, m, 1]: whole numbers by bisection, others by the method of Ridders
/// (1979), IEEE Trans. Circuits Syst. 26, in the logarithm of a positive response.
/// </remarks>
internal sealed class OnnxMixture
{
    private readonly IFamily family;
    private readonly double dispersion;
    private readonly double degreesOfFreedom;
    private readonly OnnxReal means, weights;

    public OnnxMixture(
        IFamily family, double dispersion, double degreesOfFreedom, (OnnxReal Means, OnnxReal Weights) parts)
    {
        (this.family, this.dispersion, this.degreesOfFreedom) = (family, dispersion, degreesOfFreedom);
        (means, weights) = (parts.Means.Unsqueeze(1), parts.Weights.Unsqueeze(1));
    }

    private OnnxScope Scope => means.Scope;

    /// <summary>The smallest y with P(Y ≤ y) ≥ p, [n, m], for m levels p.</summary>
    public OnnxReal Quantiles(params double[] levels)
    {
        var p = Scope.Constant(levels, 1, levels.Length, 1);
        var found = family is GaussianFamily ? Gaussian(p, levels)
            : family is BernoulliFamily ? (Weighted(means) > 1 - p).ToReal()
            : family.IsDiscrete ? Discrete(p)
            : Positive(p);
        return (found + 0 * weights.Total(2)).SumOver(2);
    }

    /// <summary>P(Y ≤ y), [n, m, 1].</summary>
    private OnnxReal Cdf(OnnxReal y) => Weighted(family switch
    {
        GaussianFamily => Student((y - means) / Math.Sqrt(dispersion)),
        PoissonFamily => OnnxIncompleteGamma.Tails(y + 1, means).Upper,
        NegativeBinomialFamily { Theta: double theta } =>
            OnnxIncompleteBeta.Lower(means.Of(theta), y + 1, theta / (theta + means), means / (theta + means)),
        GammaFamily => OnnxIncompleteGamma.Tails(means.Of(1 / dispersion), y / (means * dispersion)).Lower,
        InverseGaussianFamily => InverseGaussian(y / means, 1 / (dispersion * means)),
        TweedieFamily tweedie => OnnxTweedie.Cdf(y, means, dispersion, tweedie.Power),
        _ => throw new NotSupportedException($"Quantiles of the family '{family.Name}' cannot be written as ONNX."),
    });

    private OnnxReal Weighted(OnnxReal values) => (weights * values).Total(2);

    private OnnxReal Student(OnnxReal t)
    {
        if (degreesOfFreedom > 1e15)
            return t.NormalCdf();
        double nu = degreesOfFreedom;
        OnnxReal square = t * t, sum = nu + square;
        var half = 0.5 * OnnxIncompleteBeta.Lower(t.Of(0.5 * nu), t.Of(0.5), nu / sum, square / sum);
        return t.Scope.Choose(t > 0, 1 - half, half);
    }

    private static OnnxReal InverseGaussian(OnnxReal x, OnnxReal shape)
    {
        OnnxReal root = (shape / x).Sqrt(), q = root * (x - 1), r = root * (x + 1), bell = q.Bell();
        OnnxReal far = r.ScaledTail(), near = q.Abs().ScaledTail();
        return x.Scope.Choose(q < 0, bell * (near + far), 1 - bell * (near - far));
    }

    /// <summary>By Cantelli's inequality no quantile at p is above mean + sd √(p / (1 − p)).</summary>
    private OnnxReal Bound(OnnxReal p)
    {
        var mean = Weighted(means);
        var spread = dispersion * family.UnitVariance(new OnnxMean(means, 1 - means, means));
        var variance = Weighted(spread + (means - mean) * (means - mean));
        return mean + (variance * (p / (1 - p))).Sqrt();
    }

    private OnnxReal Discrete(OnnxReal p)
    {
        var high = Bound(p).Floor() + 1;
        return Scope.Repeat(1100, [0 * high - 1, high], state =>
        {
            var middle = ((state[0] + state[1]) * 0.5).Floor().Max(0);
            var isEnough = !(Cdf(middle) < p);
            OnnxReal low = Scope.Choose(isEnough, state[0], middle), top = Scope.Choose(isEnough, middle, state[1]);
            return ([low, top], top - low > 1);
        })[1];
    }

    private OnnxReal Gaussian(OnnxReal p, double[] levels)
    {
        double[] parts = [.. levels.Select(level => Math.Sqrt(dispersion) * StudentT.Quantile(level, degreesOfFreedom))];
        var each = means + Scope.Constant(parts, 1, parts.Length, 1);
        OnnxReal least = each.Where(weights > 0, double.PositiveInfinity).Least(2);
        OnnxReal most = each.Where(weights > 0, double.NegativeInfinity).Most(2), reach = 1e-9 * Math.Sqrt(dispersion) + 0 * least;
        return Ridders(least - reach, most + reach, t => Cdf(t) - p, 1e-10 * Math.Sqrt(dispersion));
    }

    /// <summary>In t = ln y; from the narrowest of three brackets that holds the quantile.</summary>
    private OnnxReal Positive(OnnxReal p)
    {
        var high = Bound(p).Log();
        var low = high - 650;
        foreach (double width in (double[])[60, 6])
            low = Scope.Choose(Cdf((high - width).Exp()) < p, high - width, low);
        var found = Ridders(low, high, t => Cdf(t.Exp()) - p, 1e-9).Exp();
        return found.Where(Cdf(low.Exp()) < p, 0);
    }

    private OnnxReal Ridders(OnnxReal low, OnnxReal high, Func<OnnxReal, OnnxReal> f, double tolerance)
    {
        OnnxReal[] start = [low, high, f(low), f(high), high];
        return Scope.Repeat(60, start, state =>
        {
            OnnxReal left = state[0], right = state[1], atLeft = state[2], atRight = state[3];
            OnnxReal middle = 0.5 * (left + right), atMiddle = f(middle);
            var next = middle - (middle - left) * atMiddle / (atMiddle * atMiddle - atLeft * atRight).Sqrt();
            next = Scope.Choose((next > left) & (next < right), next, middle);
            var atNext = f(next);
            foreach (var (place, value) in ((OnnxReal, OnnxReal)[])[(middle, atMiddle), (next, atNext)])
            {
                OnnxTruth isLeft = (value < 0) & (place > left), isRight = !(value < 0) & (place < right);
                (left, atLeft) = (Scope.Choose(isLeft, place, left), Scope.Choose(isLeft, value, atLeft));
                (right, atRight) = (Scope.Choose(isRight, place, right), Scope.Choose(isRight, value, atRight));
            }
            var isOpen = ((next - state[4]).Abs() > tolerance) & (right - left > tolerance);
            return ([left, right, atLeft, atRight, next], isOpen);
        })[4];
    }
}
