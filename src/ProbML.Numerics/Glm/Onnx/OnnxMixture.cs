namespace ProbML;

/// <summary>A mixture of a family's distributions at several means, [n, 1, k], as ONNX operators.</summary>
/// <remarks>
/// Quantiles are sought at several levels at once, [n, m, 1]: whole numbers by bisection, others by the method of Ridders
/// (1979), IEEE Trans. Circuits Syst. 26, in the logarithm of a positive response.
/// </remarks>
internal sealed class OnnxMixture
{
    private readonly OnnxLaw law;
    private readonly OnnxReal means, weights;

    /// <param name="law">The family; its dispersion [1, 1] or [1, k].</param>
    /// <param name="parts">The means and their weights, which add up to one, [n, k].</param>
    public OnnxMixture(OnnxLaw law, (OnnxReal Means, OnnxReal Weights) parts) =>
        (this.law, means, weights) = (law.Unsqueeze(1), parts.Means.Unsqueeze(1), parts.Weights.Unsqueeze(1));

    /// <param name="family">The family.</param>
    /// <param name="dispersion">φ.</param>
    /// <param name="degreesOfFreedom">Of a Gaussian response, Student's t about its mean.</param>
    /// <param name="parts">The means and their weights, which add up to one, [n, k].</param>
    public OnnxMixture(IFamily family, double dispersion, double degreesOfFreedom, (OnnxReal Means, OnnxReal Weights) parts)
        : this(family.At(parts.Means.Scope, dispersion, degreesOfFreedom), parts)
    {
    }

    private OnnxScope Scope => means.Scope;

    /// <summary>The smallest y with P(Y ≤ y) ≥ p, [n, m], for m levels p.</summary>
    public OnnxReal Quantiles(params double[] levels)
    {
        var p = Scope.Constant(levels, 1, levels.Length, 1);
        var found = law.Family is GaussianFamily ? Gaussian(p, levels)
            : law.Family is BernoulliFamily ? (Weighted(means) > 1 - p).ToReal()
            : law.Family.IsDiscrete ? Discrete(p)
            : Positive(p);
        return (found + 0 * weights.Total(2)).SumOver(2);
    }

    /// <summary>P(Y ≤ y), [n, m, 1].</summary>
    private OnnxReal Cdf(OnnxReal y) => Weighted(law.Cdf(y, means));

    private OnnxReal Weighted(OnnxReal values) => (weights * values).Total(2);

    /// <summary>By Cantelli's inequality no quantile at p is above mean + sd √(p / (1 − p)).</summary>
    private OnnxReal Bound(OnnxReal p)
    {
        var mean = Weighted(means);
        var spread = law.Variance(OnnxMean.Of(means));
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
        double[] parts = [.. levels.Select(level => StudentT.Quantile(level, law.DegreesOfFreedom))];
        OnnxReal spread = law.Dispersion.Sqrt(), widest = spread.Most(2);
        var each = means + spread * Scope.Constant(parts, 1, parts.Length, 1);
        OnnxReal least = each.Where(weights > 0, double.PositiveInfinity).Least(2);
        OnnxReal most = each.Where(weights > 0, double.NegativeInfinity).Most(2), reach = 1e-9 * widest;
        return Ridders(least - reach, most + reach, t => Cdf(t) - p, 1e-10 * widest);
    }

    /// <summary>In t = ln y; from the narrowest of three brackets that holds the quantile.</summary>
    private OnnxReal Positive(OnnxReal p)
    {
        var high = Bound(p).Log();
        var low = high - 650;
        foreach (double width in (double[])[60, 6])
            low = Scope.Choose(Cdf((high - width).Exp()) < p, high - width, low);
        var found = Ridders(low, high, t => Cdf(t.Exp()) - p, Scope.Constant(1e-9)).Exp();
        return found.Where(Cdf(low.Exp()) < p, 0);
    }

    private OnnxReal Ridders(OnnxReal low, OnnxReal high, Func<OnnxReal, OnnxReal> f, OnnxReal tolerance)
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
