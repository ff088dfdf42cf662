namespace ProbML;

/// <summary>μ, 1 − μ and dμ/dη in an ONNX graph.</summary>
internal readonly record struct OnnxMean(OnnxReal Mean, OnnxReal Complement, OnnxReal Slope)
{
    /// <summary>A mean alone, for where no derivative is asked.</summary>
    public static OnnxMean Of(OnnxReal mean) => new(mean, 1 - mean, mean);

    /// <summary>ln μ.</summary>
    public OnnxReal LogMean => LogOf(Mean, Complement);

    /// <summary>ln(1 − μ).</summary>
    public OnnxReal LogComplement => LogOf(Complement, Mean);

    private static OnnxReal LogOf(OnnxReal value, OnnxReal other) => value.Scope.Choose(
        other < 0.5, (-other).Log1p(), value.Max(MeanPoint.Smallest).Log());
}

/// <summary>The inverses of the links as ONNX operators.</summary>
internal static class OnnxLinks
{
    /// <summary>μ = g⁻¹(η), and what goes with it.</summary>
    public static OnnxMean Inverse(this ILinkFunction link, OnnxReal eta) => link switch
    {
        IdentityLink => new(eta, 1 - eta, eta - eta + 1),
        LogLink => Exponential(eta),
        LogitLink => Logistic(eta, 1),
        TanhLink => Logistic(2 * eta, 2),
        ProbitLink => new(eta.NormalCdf(), (-eta).NormalCdf(), eta.NormalDensity()),
        ComplementaryLogLogLink => Gompertz(eta),
        LogLogLink => Gompertz(-eta) is var mirror ? new(mirror.Complement, mirror.Mean, mirror.Slope) : default,
        CauchitLink => Cauchy(eta),
        SquareRootLink => Of((eta * eta).Min(double.MaxValue), 2 * eta),
        ReciprocalLink => Of(1 / eta, -1 / (eta * eta)),
        InverseSquaredLink => Of(1 / eta.Sqrt(), -0.5 / (eta * eta.Sqrt())),
        PowerLink power => Power(eta, 1 / power.Exponent),
        _ => throw new NotSupportedException(
            $"The link '{link.Name}' cannot be written as ONNX: it is not one of those of Links."),
    };

    /// <summary>Where g⁻¹ is defined and monotone.</summary>
    public static OnnxTruth IsInDomain(this ILinkFunction link, OnnxReal eta) =>
        link is SquareRootLink or ReciprocalLink or InverseSquaredLink or PowerLink
            ? eta.IsFinite() & eta > 0
            : eta.IsFinite();

    private static OnnxMean Of(OnnxReal mean, OnnxReal slope) => new(mean, 1 - mean, slope);

    private static OnnxMean Exponential(OnnxReal eta)
    {
        var mean = eta.Exp().Min(double.MaxValue);
        return Of(mean, mean);
    }

    private static OnnxMean Power(OnnxReal eta, double root)
    {
        var mean = eta.Power(root).Min(double.MaxValue);
        return Of(mean, root * (mean / eta));
    }

    private static OnnxMean Logistic(OnnxReal eta, double rate)
    {
        OnnxReal decay = (-eta.Abs()).Exp(), bulk = 1 / (1 + decay), tail = decay * bulk;
        return TwoSided(eta, tail, bulk, rate * (tail * bulk));
    }

    private static OnnxMean Gompertz(OnnxReal eta)
    {
        OnnxReal x = eta.Exp().Min(1e300), complement = (-x).Exp();
        return new(-(-x).Expm1(), complement, x * complement);
    }

    private static OnnxMean Cauchy(OnnxReal eta)
    {
        OnnxReal size = eta.Abs();
        OnnxTruth isFar = size > 1;
        var angle = eta.Scope.Choose(isFar, 1 / size, size).Arctangent();
        var tail = eta.Scope.Choose(isFar, angle, Math.PI / 2 - angle) * (1 / Math.PI);
        return TwoSided(eta, tail, 1 - tail, 1 / (Math.PI * (1 + eta * eta)));
    }

    private static OnnxMean TwoSided(OnnxReal eta, OnnxReal tail, OnnxReal bulk, OnnxReal slope)
    {
        OnnxTruth isLeft = eta < 0;
        return new(eta.Scope.Choose(isLeft, tail, bulk), eta.Scope.Choose(isLeft, bulk, tail), slope);
    }
}
