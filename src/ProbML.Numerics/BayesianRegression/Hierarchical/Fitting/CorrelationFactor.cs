namespace ProbML.Fitting;

/// <summary>A correlation matrix R = LLᵀ from unconstrained y: partial correlations tanh y, and the LKJ prior of them.</summary>
/// <remarks>
/// Lᵢⱼ = zᵢⱼ √remᵢⱼ, remᵢⱼ = Πₖ﹤ⱼ (1 − zᵢₖ²). p(R) ∝ |R|^(η−1) makes zᵢₖ independent, of density ∝ (1 − z²)^(η + (q−2−k)/2 − 1).
/// Lewandowski, Kurowicka &amp; Joe (2009), J. Multivar. Anal. 100, §2–3.
/// </remarks>
internal static class CorrelationFactor
{
    /// <summary>Fills L, [q, q] by rows.</summary>
    public static void Fill(ReadOnlySpan<double> y, int q, Span<double> l)
    {
        l[..(q * q)].Clear();
        for (int i = 0, at = 0; i < q; i++)
        {
            double rest = 1;
            for (int k = 0; k < i; k++)
            {
                double z = Math.Tanh(y[at++]);
                l[i * q + k] = z * Math.Sqrt(rest);
                rest *= 1 - z * z;
            }
            l[i * q + i] = Math.Sqrt(rest);
        }
    }

    /// <summary>Adds the gradient of a function of L and of the prior; returns ln of the prior's density of y, up to a constant.</summary>
    /// <param name="y">[q(q−1)/2].</param>
    /// <param name="q">The size.</param>
    /// <param name="l">L.</param>
    /// <param name="byFactor">∂f/∂L, [q, q].</param>
    /// <param name="shape">η.</param>
    /// <param name="gradient">[q(q−1)/2].</param>
    public static double Add(
        ReadOnlySpan<double> y, int q, ReadOnlySpan<double> l, ReadOnlySpan<double> byFactor, double shape, Span<double> gradient)
    {
        double value = 0;
        for (int i = 1, start = 0; i < q; start += i++)
        {
            double rest = 1;
            for (int k = 0; k < i; k++)
            {
                double z = Math.Tanh(y[start + k]), left = 1 / Math.Cosh(y[start + k]), power = shape + 0.5 * (q - 2 - k);
                left *= left;                             // 1 − z²
                double slope = byFactor[i * q + k] * Math.Sqrt(rest) * left;
                for (int j = k + 1; j <= i; j++)
                    slope -= z * byFactor[i * q + j] * l[i * q + j];
                gradient[start + k] += slope - 2 * power * z;
                value += power * LogOneMinusSquare(y[start + k]);
                rest *= left;
            }
        }
        return value;
    }

    /// <summary>ln(1 − tanh² y).</summary>
    private static double LogOneMinusSquare(double y) =>
        2 * (Math.Log(2) - Math.Abs(y) - Elementary.Log1p(Math.Exp(-2 * Math.Abs(y))));
}
