using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Minimises ½ bᵀA b − cᵀb + Σ λⱼ|bⱼ| by coordinate descent, then exactly on the columns that are not zero.</summary>
/// <remarks>Friedman, Hastie &amp; Tibshirani (2010), §2.2 (covariance updates), §2.6 (active set).</remarks>
internal static class LassoQuadratic
{
    private const int MaximumSweeps = 20_000;

    /// <summary>A column with less than this share of the largest curvature is constant but for rounding.</summary>
    private const double Flat = 1e-20;

    /// <summary>The minimiser, from a start near it.</summary>
    /// <param name="a">A, [q, q], both triangles.</param>
    /// <param name="c">[q].</param>
    /// <param name="lambda">[q], ≥ 0.</param>
    /// <param name="start">[q].</param>
    public static double[] Minimise(double[] a, double[] c, double[] lambda, double[] start)
    {
        int q = c.Length;
        double[] b = [.. start], gradient = new double[q];        // c − A b
        for (int j = 0; j < q; j++)
            gradient[j] = c[j] - Dot(a.AsSpan(j * q, q), b);
        double least = Flat * a.Where((_, k) => k % (q + 1) == 0).DefaultIfEmpty(0).Max();
        for (int sweep = 0; sweep < MaximumSweeps && Sweep(everyColumn: true) >= 1e-9; sweep++)
        {
            while (sweep < MaximumSweeps && Sweep(everyColumn: false) >= 1e-9)
                sweep++;
        }
        return Polish(a, c, lambda, b) ?? b;

        double Sweep(bool everyColumn)
        {
            double moved = 0;
            for (int j = 0; j < q; j++)
            {
                double curvature = a[j * q + j];
                if (curvature <= least || (b[j] == 0 && !everyColumn))
                    continue;
                double pull = gradient[j] + curvature * b[j];
                double value = Math.Sign(pull) * Math.Max(0, Math.Abs(pull) - lambda[j]) / curvature, step = value - b[j];
                if (step == 0)
                    continue;
                b[j] = value;
                TensorPrimitives.MultiplyAdd(a.AsSpan(j * q, q), -step, gradient, gradient);
                moved = Math.Max(moved, Math.Abs(step) * Math.Sqrt(curvature));
            }
            return moved;
        }
    }

    /// <summary>Solves for the non-zero coefficients with their signs held; null where a sign would change.</summary>
    private static double[]? Polish(double[] a, double[] c, double[] lambda, double[] b)
    {
        int q = c.Length;
        int[] active = [.. Enumerable.Range(0, q).Where(j => b[j] != 0)];
        int m = active.Length;
        double[] sub = new double[m * m], right = new double[m];
        for (int i = 0; i < m; i++)
        {
            right[i] = c[active[i]] - Math.Sign(b[active[i]]) * lambda[active[i]];
            for (int k = 0; k < m; k++)
                sub[i * m + k] = a[active[i] * q + active[k]];
        }
        if (m == 0 || !Cholesky.TryFactor(sub, m, m, out _))
            return null;
        Cholesky.Solve(sub, m, m, right);
        var exact = new double[q];
        for (int i = 0; i < m; i++)
        {
            if (lambda[active[i]] > 0 && Math.Sign(right[i]) != Math.Sign(b[active[i]]))
                return null;
            exact[active[i]] = right[i];
        }
        return exact;
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y) =>
        TensorPrimitives.Dot(x, y);
}
