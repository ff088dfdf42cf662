namespace ProbML;

/// <summary>A family at a dispersion, as ONNX operators: what a response does about its mean.</summary>
/// <remarks>φ of a negative binomial whose θ is free is 1/θ. φ is [1, 1] or goes with the columns of the means, [1, k].</remarks>
/// <param name="Family">The family.</param>
/// <param name="Dispersion">φ.</param>
/// <param name="DegreesOfFreedom">A Gaussian response is Student's t about its mean with so many; +∞: normal.</param>
internal readonly record struct OnnxLaw(IFamily Family, OnnxReal Dispersion, double DegreesOfFreedom = double.PositiveInfinity)
{
    private bool IsNormal => DegreesOfFreedom > 1e15;

    /// <summary>The same, its dispersion with an axis more.</summary>
    public OnnxLaw Unsqueeze(long axis) => this with { Dispersion = Dispersion.Unsqueeze(axis) };

    /// <summary>φ V(μ).</summary>
    public OnnxReal Variance(in OnnxMean mean)
    {
        var mu = mean.Mean;
        return Family switch
        {
            GaussianFamily => Dispersion + 0 * mu,
            BernoulliFamily => mu * mean.Complement,
            PoissonFamily => mu,
            GammaFamily => Dispersion * (mu * mu),
            InverseGaussianFamily => Dispersion * (mu * mu * mu),
            NegativeBinomialFamily => mu * (1 + mu / Theta),
            TweedieFamily tweedie => Dispersion * mu.Power(tweedie.Power),
            _ => throw Unknown(),
        };
    }

    /// <summary>ln p(y; μ, φ), y in the family's support; columns of μ broadcast against y.</summary>
    public OnnxReal LogDensity(OnnxReal y, in OnnxMean mean) => Family switch
    {
        GaussianFamily => Gaussian(y, mean.Mean),
        BernoulliFamily => Bernoulli(y, mean),
        PoissonFamily => Poisson(y, mean.Mean),
        GammaFamily => Gamma(y, mean.Mean),
        InverseGaussianFamily => InverseGaussian(y, mean.Mean),
        NegativeBinomialFamily => NegativeBinomial(y, mean.Mean),
        TweedieFamily tweedie => OnnxTweedie.LogDensity(y, mean.Mean, Dispersion, tweedie.Power),
        _ => throw Unknown(),
    };

    /// <summary>P(Y ≤ y), for any y of a positive response but zero; of two classes it is not asked.</summary>
    public OnnxReal Cdf(OnnxReal y, OnnxReal means) => Family switch
    {
        GaussianFamily => Standard((y - means) / Dispersion.Sqrt()),
        PoissonFamily => OnnxIncompleteGamma.Tails(y + 1, means).Upper,
        NegativeBinomialFamily => OnnxIncompleteBeta.Lower(Theta, y + 1, Theta / (Theta + means), means / (Theta + means)),
        GammaFamily => OnnxIncompleteGamma.Tails(1 / Dispersion, y / (means * Dispersion)).Lower,
        InverseGaussianFamily => InverseGaussianCdf(y / means, 1 / (Dispersion * means)),
        TweedieFamily tweedie => OnnxTweedie.Cdf(y, means, Dispersion, tweedie.Power),
        _ => throw new NotSupportedException($"Quantiles of the family '{Family.Name}' cannot be written as ONNX."),
    };

    private OnnxReal Theta => Family is NegativeBinomialFamily { Theta: double known } ? Dispersion.Of(known) : 1 / Dispersion;

    private OnnxReal Gaussian(OnnxReal y, OnnxReal mean)
    {
        var t = (y - mean) / Dispersion.Sqrt();
        if (IsNormal)
            return t.NormalLogDensity() - 0.5 * Dispersion.Log();
        double nu = DegreesOfFreedom, constant = -0.5 * Math.Log(nu) - GammaFunctions.LogBeta(0.5 * nu, 0.5);
        return constant - 0.5 * (nu + 1) * (t / nu * t).Log1p() - 0.5 * Dispersion.Log();
    }

    private static OnnxReal Bernoulli(OnnxReal y, in OnnxMean mean)
    {
        OnnxReal one = mean.LogMean, none = mean.LogComplement;
        var beta = (y + 1).LogGamma() + (2 - y).LogGamma() - Math.Log(2);
        var between = y * one + (1 - y) * none - Math.Log(2) - beta;
        return y.Scope.Choose(y.Is(1), one, y.Scope.Choose(y.Is(0), none, between));
    }

    private static OnnxReal Poisson(OnnxReal y, OnnxReal mean) => y.Scope.Choose(
        y > 0,
        -(y.StirlingError() + 0.5 * (2 * Math.PI * y).Log()) - y.PoissonDivergence(mean),
        -mean);

    private OnnxReal Gamma(OnnxReal y, OnnxReal mean)
    {
        var shape = 1 / Dispersion;
        return 0.5 * (shape / (2 * Math.PI)).Log() - shape.StirlingError() - shape * y.RatioExcess(mean) - y.Log();
    }

    private OnnxReal InverseGaussian(OnnxReal y, OnnxReal mean)
    {
        var relative = (y - mean) / mean;
        return -0.5 * ((2 * Math.PI * Dispersion).Log() + 3 * y.Log() + relative * relative / (Dispersion * y));
    }

    private OnnxReal NegativeBinomial(OnnxReal y, OnnxReal mean)
    {
        var theta = Theta;
        OnnxReal sum = y + theta, success = mean / (mean + theta), failure = theta / (mean + theta);
        var shift = y * failure - theta * success;
        var divergence = Divergence(y, -shift / y, sum * success) + Divergence(theta, shift / theta, sum * failure);
        var some = sum.StirlingError() - y.StirlingError() - theta.StirlingError()
            - divergence + 0.5 * (theta / (sum * (2 * Math.PI * y))).Log();
        return y.Scope.Choose(y > 0, some, -theta * (mean / theta).Log1p());
    }

    /// <summary>x ln(x / m) + m − x, given t = (m − x) / x too.</summary>
    private static OnnxReal Divergence(OnnxReal x, OnnxReal t, OnnxReal m) => x.Scope.Choose(
        (t > -0.5) & (t < 1), x * t.LogExcess(), x.PoissonDivergence(m));

    private OnnxReal Standard(OnnxReal t)
    {
        if (IsNormal)
            return t.NormalCdf();
        double nu = DegreesOfFreedom;
        OnnxReal square = t * t, sum = nu + square;
        var half = 0.5 * OnnxIncompleteBeta.Lower(t.Of(0.5 * nu), t.Of(0.5), nu / sum, square / sum);
        return t.Scope.Choose(t > 0, 1 - half, half);
    }

    private static OnnxReal InverseGaussianCdf(OnnxReal x, OnnxReal shape)
    {
        OnnxReal root = (shape / x).Sqrt(), q = root * (x - 1), r = root * (x + 1), bell = q.Bell();
        OnnxReal far = r.ScaledTail(), near = q.Abs().ScaledTail();
        return x.Scope.Choose(q < 0, bell * (near + far), 1 - bell * (near - far));
    }

    private NotSupportedException Unknown() =>
        new($"The family '{Family.Name}' cannot be written as ONNX: it is not one of those of Families, or lacks its theta.");
}
