namespace ProbML;

/// <summary><see cref="Elementary"/> as ONNX operators: the same formulas, both branches computed and one chosen.</summary>
internal static class OnnxElementary
{
    /// <summary>ln(1 + x).</summary>
    public static OnnxReal Log1p(this OnnxReal x)
    {
        var u = 1 + x;
        var direct = u.Log();
        var kahan = direct * (x / (u - 1));
        return x.Scope.Choose(u.Is(1), x, x.Scope.Choose(u.IsFinite() & u > 0, kahan, direct));
    }

    /// <summary>eˣ − 1.</summary>
    public static OnnxReal Expm1(this OnnxReal x)
    {
        var u = x.Exp();
        var near = (u - 1) * (x / u.Log());
        return x.Scope.Choose(u.Is(1), x, x.Scope.Choose(x.Abs() > 1, u - 1, near));
    }

    /// <summary>t − ln(1 + t), about t²/2 for small t.</summary>
    public static OnnxReal LogExcess(this OnnxReal t)
    {
        var v = t / (2 + t);
        var series = v * (t - 2 * (v * v) * Elementary.ArtanhSeries(v * v));
        return t.Scope.Choose(v.Abs() < 0.15, series, t - t.Log1p());
    }

    /// <summary>x / m − 1 − ln(x / m).</summary>
    public static OnnxReal RatioExcess(this OnnxReal x, OnnxReal m)
    {
        var t = (x - m) / m;
        return x.Scope.Choose((t > -0.5) & (t < 1), t.LogExcess(), t - (x / m).Log());
    }

    /// <summary>x ln(x / m) + m − x, m at x = 0.</summary>
    public static OnnxReal PoissonDivergence(this OnnxReal x, OnnxReal m) =>
        x.Scope.Choose(x.Is(0), m, x * m.RatioExcess(x));

    /// <summary>ln(x / m), without cancellation near x = m.</summary>
    public static OnnxReal LogRatio(this OnnxReal x, OnnxReal m)
    {
        var t = (x - m) / m;
        return x.Scope.Choose((t > -0.5) & (t < 1), t.Log1p(), (x / m).Log());
    }

    /// <summary>arctan(x), x in [0, 1]: halved twice, then its series.</summary>
    /// <remarks>arctan x = 2 arctan(x / (1 + √(1 + x²))); after two halvings x ≤ 0.199, and x²ⁿ falls as 25⁻ⁿ.</remarks>
    public static OnnxReal Arctangent(this OnnxReal x)
    {
        for (int i = 0; i < 2; i++)
            x /= 1 + (1 + x * x).Sqrt();
        OnnxReal square = x * x, sum = x.Of(1.0 / 23);
        for (int k = 21; k >= 1; k -= 2)
            sum = 1.0 / k - square * sum;
        return 4 * (x * sum);
    }

    /// <summary>ln Σ exp over each row, [n, 1].</summary>
    public static OnnxReal RowLogSumExp(this OnnxReal terms)
    {
        var largest = terms.RowMax();
        var safe = terms.Scope.Choose(largest.IsFinite(), largest, 0);
        return safe + (terms - safe).Exp().RowSum().Log();
    }
}
