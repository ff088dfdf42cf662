namespace ProbML;

/// <summary>Variance functions and densities of the families as ONNX operators.</summary>
internal static class OnnxFamilies
{
    /// <summary>V(μ).</summary>
    public static OnnxReal UnitVariance(this IFamily family, in OnnxMean mean)
    {
        var mu = mean.Mean;
        return family switch
        {
            GaussianFamily => mu - mu + 1,
            BernoulliFamily => mu * mean.Complement,
            PoissonFamily => mu,
            GammaFamily => mu * mu,
            InverseGaussianFamily => mu * mu * mu,
            NegativeBinomialFamily { Theta: double theta } => mu * (1 + mu / theta),
            TweedieFamily tweedie => mu.Power(tweedie.Power),
            _ => throw Unknown(family),
        };
    }

    /// <summary>Whether μ lies inside the family's mean domain.</summary>
    public static OnnxTruth IsValidMean(this IFamily family, OnnxReal mean) => family switch
    {
        GaussianFamily => mean.IsFinite(),
        BernoulliFamily => mean > 0 & !(mean > 1),
        _ => mean.IsFinite() & mean > 0,
    };

    /// <summary>Whether y is a possible response.</summary>
    public static OnnxTruth Supports(this IFamily family, OnnxReal y) => family switch
    {
        GaussianFamily => y.IsFinite(),
        BernoulliFamily => !(y < 0) & !(y > 1),
        GammaFamily or InverseGaussianFamily => y.IsFinite() & y > 0,
        _ => y.IsFinite() & !(y < 0),
    };

    /// <summary>ln p(y; μ, φ), y in the family's support; columns of μ broadcast against y.</summary>
    /// <remarks>The Gaussian's is Student's t, which is not here.</remarks>
    public static OnnxReal LogDensity(this IFamily family, OnnxReal y, OnnxReal mean, double dispersion) => family switch
    {
        BernoulliFamily => Bernoulli(y, OnnxMean.Of(mean)),
        PoissonFamily => Poisson(y, mean),
        GammaFamily => Gamma(y, mean, 1 / dispersion),
        InverseGaussianFamily => InverseGaussian(y, mean, dispersion),
        NegativeBinomialFamily { Theta: double theta } => NegativeBinomial(y, mean, theta),
        TweedieFamily tweedie => OnnxTweedie.LogDensity(y, mean, dispersion, tweedie.Power),
        _ => throw Unknown(family),
    };

    private static OnnxReal Bernoulli(OnnxReal y, OnnxMean mean)
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

    private static OnnxReal Gamma(OnnxReal y, OnnxReal mean, double shape)
    {
        double saddle = 0.5 * Math.Log(shape / (2 * Math.PI)) - GammaFunctions.StirlingError(shape);
        return saddle - shape * y.RatioExcess(mean) - y.Log();
    }

    private static OnnxReal InverseGaussian(OnnxReal y, OnnxReal mean, double dispersion)
    {
        var relative = (y - mean) / mean;
        return -0.5 * (Math.Log(2 * Math.PI * dispersion) + 3 * y.Log() + relative * relative / (dispersion * y));
    }

    private static OnnxReal NegativeBinomial(OnnxReal y, OnnxReal mean, double theta)
    {
        OnnxReal sum = y + theta, success = mean / (mean + theta), failure = theta / (mean + theta);
        var shift = y * failure - theta * success;
        var fixedTheta = y.Of(theta);
        var divergence = Divergence(y, -shift / y, sum * success) + Divergence(fixedTheta, shift / theta, sum * failure);
        var some = sum.StirlingError() - y.StirlingError() - GammaFunctions.StirlingError(theta)
            - divergence + 0.5 * (theta / (sum * (2 * Math.PI * y))).Log();
        return y.Scope.Choose(y > 0, some, -theta * (mean / theta).Log1p());
    }

    /// <summary>x ln(x / m) + m − x, given t = (m − x) / x too.</summary>
    private static OnnxReal Divergence(OnnxReal x, OnnxReal t, OnnxReal m) => x.Scope.Choose(
        (t > -0.5) & (t < 1), x * t.LogExcess(), x.PoissonDivergence(m));

    private static NotSupportedException Unknown(IFamily family) =>
        new($"The family '{family.Name}' cannot be written as ONNX: it is not one of those of Families, or lacks its theta.");
}
