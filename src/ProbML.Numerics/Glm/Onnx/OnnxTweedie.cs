namespace ProbML;

/// <summary><see cref="TweedieDistribution"/> as ONNX operators.</summary>
internal static class OnnxTweedie
{
    /// <summary>How far, in strides, the series runs below and above its largest term.</summary>
    private const int Below = 55, Above = 75;

    /// <summary>ln f(y; μ, φ), y ≥ 0.</summary>
    public static OnnxReal LogDensity(OnnxReal y, OnnxReal mean, OnnxReal dispersion, double power)
    {
        double b = 2 - power;
        var scale = mean.Power(b) / dispersion;
        var positive = Saddle(y, dispersion, power) - scale * Divergence(y.LogRatio(mean), power);
        return y.Scope.Choose(y > 0, positive, -scale / b);
    }

    /// <summary>P(Y ≤ y) = e^(−λ) + Σₙ P(N = n) P(nα, y / τ), y &gt; 0: term by term, from n = 1 or 8 deviations below λ.</summary>
    public static OnnxReal Cdf(OnnxReal y, OnnxReal mean, OnnxReal dispersion, double power)
    {
        double alpha = (2 - power) / (power - 1);
        var lambda = mean.Power(2 - power) / (dispersion * (2 - power)) + 0 * y;
        var x = y / (dispersion * (power - 1) * mean.Power(power - 1));
        OnnxReal reach = 8 * (lambda + 1).Sqrt(), first = (lambda - reach).Floor().Max(1), last = lambda + reach + 6;
        var stride = (0.31 * (lambda / (1 + alpha)).Sqrt()).Floor().Max(1).Where(!(lambda < 200), 1);
        var sum = lambda.Scope.Repeat(1000, [(-lambda).Exp(), first], state =>
        {
            var n = state[1];
            var mass = (-n.StirlingError() - n.PoissonDivergence(lambda)).Exp() / (2 * Math.PI * n).Sqrt();
            var next = state[0] + stride * mass * OnnxIncompleteGamma.Tails(alpha * n, x).Lower;
            return ([next, n + stride], n < last);
        });
        return sum[0].Min(1);
    }

    /// <summary>ln f(y; μ = y, φ), y &gt; 0, [n, 1] or [n, k]: the series of Dunn &amp; Smyth (2005), §4.</summary>
    private static OnnxReal Saddle(OnnxReal y, OnnxReal dispersion, double power)
    {
        double alpha = (2 - power) / (power - 1);
        var lambda = y.Power(2 - power) / (dispersion * (2 - power));
        OnnxReal stride = Stride(lambda, alpha), mode = (lambda + 0.5).Floor().Max(1), top = Term(mode);
        OnnxReal zero = 0 * lambda, start = zero - Below;
        var sum = y.Scope.Repeat(Below + Above + 1, [zero, start], state =>
        {
            var n = mode + stride * state[1];
            OnnxTruth counts = !(n < 1);
            var next = state[0] + (Term(n.Max(1)) - top).Exp().Where(counts, 0);
            return ([next, state[1] + 1], state[1] < Above);
        })[0];
        return 0.5 * Math.Log(alpha) - (2 * Math.PI * y).Log() + stride.Log() + top + sum.Log();

        OnnxReal Term(OnnxReal n) => -(1 + alpha) * n.PoissonDivergence(lambda) - n.StirlingError() - (alpha * n).StirlingError();
    }

    /// <summary>How many terms one stands for, as in <see cref="TweedieDistribution"/>.</summary>
    private static OnnxReal Stride(OnnxReal n, double alpha) =>
        (0.62 * (n / (1 + alpha)).Sqrt()).Floor().Max(1).Where(!(n < 50), 1);

    /// <summary>d / (2 μ^(2−p)) as a function of s = ln(y / μ): eˢ (e^(as) − 1) / a − (e^(bs) − 1) / b.</summary>
    private static OnnxReal Divergence(OnnxReal s, double power)
    {
        const int Terms = 18;
        double a = 1 - power, b = 2 - power;
        var direct = s.Exp() * (a * s).Expm1() / a - (b * s).Expm1() / b;
        var weights = new double[Terms + 1];                 // Σₖ (1 + b + … + b^(k−2)) sᵏ / k!
        double coefficient = 1, factorial = 1;
        for (int k = 2; k <= Terms; k++, coefficient = 1 + b * coefficient)
            weights[k] = coefficient / (factorial *= k);
        var series = s.Of(weights[Terms]);
        for (int k = Terms - 1; k >= 2; k--)
            series = series * s + weights[k];
        return s.Scope.Choose(s.Abs() > 0.5, direct, series * s * s);
    }
}
