using System.Numerics;

namespace ProbML;

/// <summary>ln(1 + x), eˣ − 1 and their relatives, accurate where the obvious formulas cancel.</summary>
public static class Elementary
{
    private const int Terms = 12;
    private static readonly double[] oddReciprocals = [.. Enumerable.Range(1, Terms).Select(k => 1.0 / (2 * k + 1))];

    /// <summary>ln(1 + x), to about two units in the last place.</summary>
    /// <remarks>Higham (2002), Accuracy and Stability of Numerical Algorithms, §1.14.1 (Kahan's device).</remarks>
    public static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : double.IsPositiveInfinity(u) || u <= 0 ? Math.Log(u) : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>eˣ − 1, to about two units in the last place.</summary>
    /// <remarks>Higham (2002), §1.14.1.</remarks>
    public static double Expm1(double x)
    {
        double u = Math.Exp(x);
        return u == 1 ? x : Math.Abs(x) > 1 ? u - 1 : (u - 1) * (x / Math.Log(u));
    }

    /// <summary>ln(1 + eˣ), without overflow for large x or cancellation for small.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    /// <summary>t − ln(1 + t) ≥ 0, about t²/2 for small t, without cancellation; +∞ at t = −1.</summary>
    /// <remarks>
    /// With v = t / (2 + t), ln(1 + t) = 2 artanh v and t − 2v = tv, so the difference is tv − 2(v³/3 + v⁵/5 + …).
    /// </remarks>
    public static double LogExcess(double t)
    {
        double v = t / (2 + t);
        if (!(Math.Abs(v) < 0.15)) return t - Log1p(t);
        double square = v * v;
        return v * (t - 2 * square * ArtanhSeries(square));
    }

    /// <summary>1/3 + s/5 + s²/7 + …, so that artanh v = v + v s times it at s = v².</summary>
    internal static T ArtanhSeries<T>(T s)
        where T : IAdditionOperators<T, double, T>, IMultiplyOperators<T, T, T>, IMultiplyOperators<T, double, T>
    {
        T series = s * oddReciprocals[Terms - 1] + oddReciprocals[Terms - 2];
        for (int k = Terms - 3; k >= 0; k--) series = series * s + oddReciprocals[k];
        return series;
    }

    /// <summary>ln(x / m), without cancellation near x = m.</summary>
    public static double LogRatio(double x, double m)
    {
        double t = (x - m) / m;
        return t is > -0.5 and < 1 ? Log1p(t) : Math.Log(x / m);
    }

    /// <summary>x / m − 1 − ln(x / m) ≥ 0: half the Gamma deviance, without cancellation near x = m.</summary>
    public static double RatioExcess(double x, double m)
    {
        double t = (x - m) / m;
        return t is > -0.5 and < 1 ? LogExcess(t) : t - Math.Log(x / m);
    }

    /// <summary>x ln(x / m) + m − x ≥ 0: half the Poisson deviance, without cancellation near x = m.</summary>
    /// <remarks>The function D₀ of Loader (2000), Fast and Accurate Computation of Binomial Probabilities.</remarks>
    public static double PoissonDivergence(double x, double m)
    {
        if (x == 0) return m;
        return x * RatioExcess(m, x);
    }
}
