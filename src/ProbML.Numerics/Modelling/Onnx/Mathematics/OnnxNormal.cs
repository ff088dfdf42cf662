namespace ProbML;

/// <summary><see cref="NormalDistribution"/> as ONNX operators.</summary>
internal static class OnnxNormal
{
    /// <summary>e^(−x²/2).</summary>
    public static OnnxReal Bell(this OnnxReal x) => (-0.5 * (x * x)).Exp();

    /// <summary>φ(x).</summary>
    public static OnnxReal NormalDensity(this OnnxReal x) => NormalDistribution.InverseRootTwoPi * x.Bell();

    /// <summary>ln φ(x).</summary>
    public static OnnxReal NormalLogDensity(this OnnxReal x) => -0.5 * (x * x) - GammaFunctions.HalfLogTwoPi;

    /// <summary>e^(x²/2) P(Z &gt; x), x ≥ 0.</summary>
    public static OnnxReal ScaledTail(this OnnxReal x)
    {
        var near = (0.5 - Cody.Central(x)) / x.Bell();
        var middle = Cody.ScaledTail(x);
        var square = 1 / (x * x);
        var far = (NormalDistribution.InverseRootTwoPi - square * Cody.Far(square)) / x;
        return x.Scope.Choose(x > Cody.RootThirtyTwo, far, x.Scope.Choose(x > Cody.Middle, middle, near));
    }

    /// <summary>Φ(x).</summary>
    public static OnnxReal NormalCdf(this OnnxReal x)
    {
        var tail = x.FiniteTail();
        return x.Scope.Choose(x.Abs() > Cody.Middle, x.Scope.Choose(x < 0, tail, 1 - tail), 0.5 + Cody.Central(x));
    }

    /// <summary>ln Φ(x), also where Φ(x) underflows.</summary>
    public static OnnxReal NormalLogCdf(this OnnxReal x)
    {
        OnnxReal size = x.Abs(), left = -0.5 * (x * x) + size.ScaledTail().Log(), tail = x.FiniteTail();
        var central = (0.5 + Cody.Central(x)).Log();
        var scope = x.Scope;
        return scope.Choose(
            x < -Cody.Middle, left, scope.Choose(x > Cody.Middle, (-tail).Log1p(), central));
    }

    /// <summary>P(Z &gt; |x|), zero from 40 on, infinity included.</summary>
    private static OnnxReal FiniteTail(this OnnxReal x)
    {
        var size = x.Abs().Min(40);
        return size.Bell() * size.ScaledTail();
    }
}
