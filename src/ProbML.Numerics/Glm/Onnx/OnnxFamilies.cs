namespace ProbML;

/// <summary>Variance functions and densities of the families as ONNX operators, at a dispersion that is a number.</summary>
internal static class OnnxFamilies
{
    /// <summary>The family at a dispersion.</summary>
    public static OnnxLaw At(this IFamily family, OnnxScope scope, double dispersion, double degreesOfFreedom = double.PositiveInfinity) =>
        new(family, scope.Constant([dispersion], 1, 1), degreesOfFreedom);

    /// <summary>V(μ).</summary>
    public static OnnxReal UnitVariance(this IFamily family, in OnnxMean mean) => family.At(mean.Mean.Scope, 1).Variance(mean);

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
    public static OnnxReal LogDensity(this IFamily family, OnnxReal y, OnnxReal mean, double dispersion) =>
        family.At(y.Scope, dispersion).LogDensity(y, OnnxMean.Of(mean));
}
