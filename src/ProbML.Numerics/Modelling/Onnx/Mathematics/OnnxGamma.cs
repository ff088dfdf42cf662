namespace ProbML;

/// <summary><see cref="GammaFunctions"/> as ONNX operators.</summary>
internal static class OnnxGamma
{
    private const int Shift = 10;

    /// <summary>ln Γ(x), x &gt; 0.</summary>
    public static OnnxReal LogGamma(this OnnxReal x)
    {
        var product = x;
        for (int k = 1; k < Shift; k++)
            product *= x + k;
        OnnxTruth isSmall = x < Shift;
        OnnxReal y = x.Scope.Choose(isSmall, x + Shift, x), shift = product.Where(isSmall, 1);
        return (y - 0.5) * y.Log() - y + GammaFunctions.HalfLogTwoPi + y.Asymptote() - shift.Log();
    }

    /// <summary>δ(x) = ln Γ(x + 1) − ½ ln(2πx) − x ln x + x, x &gt; 0.</summary>
    public static OnnxReal StirlingError(this OnnxReal x)
    {
        var small = (x + 1).LogGamma() - GammaFunctions.HalfLogTwoPi - (x + 0.5) * x.Log() + x;
        return x.Scope.Choose(x < Shift, small, x.Asymptote());
    }

    /// <summary>δ(x) from its asymptotic series, x ≥ 10.</summary>
    private static OnnxReal Asymptote(this OnnxReal x) => GammaFunctions.AsymptoticSeries(-1 / (x * x)) / x;
}
