namespace ProbML.Fitting;

/// <summary>Products of the small matrices that groups have: a few rows and columns, where a call would cost more than the work.</summary>
internal static class SmallMatrix
{
    /// <summary>C ← Lᵀ B, L [q, q], B and C [q, m].</summary>
    public static void TransposedTimes(ReadOnlySpan<double> l, ReadOnlySpan<double> b, int q, int m, Span<double> c)
    {
        c[..(q * m)].Clear();
        for (int k = 0; k < q; k++)
        {
            for (int i = 0; i < q; i++)
            {
                double weight = l[k * q + i];
                for (int j = 0; weight != 0 && j < m; j++)
                    c[i * m + j] += weight * b[k * m + j];
            }
        }
    }

    /// <summary>C ← A B, all [q, q].</summary>
    public static void Times(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int q, Span<double> c)
    {
        for (int i = 0; i < q; i++)
        {
            for (int j = 0; j < q; j++)
            {
                double sum = 0;
                for (int k = 0; k < q; k++)
                    sum += a[i * q + k] * b[k * q + j];
                c[i * q + j] = sum;
            }
        }
    }

    /// <summary>v ← L v or Lᵀ v, L lower triangular.</summary>
    public static void Multiply(ReadOnlySpan<double> l, int q, Span<double> v, bool transpose)
    {
        for (int step = 0; step < q; step++)
        {
            int i = transpose ? step : q - 1 - step;      // what is read later must not be written yet
            double sum = 0;
            for (int k = transpose ? i : 0; k < (transpose ? q : i + 1); k++)
                sum += (transpose ? l[k * q + i] : l[i * q + k]) * v[k];
            v[i] = sum;
        }
    }

    /// <summary>vᵀ A v, A [q, q].</summary>
    public static double Quadratic(ReadOnlySpan<double> a, ReadOnlySpan<double> v)
    {
        double sum = 0;
        for (int i = 0; i < v.Length; i++)
        {
            double row = 0;
            for (int j = 0; j < v.Length; j++)
                row += a[i * v.Length + j] * v[j];
            sum += v[i] * row;
        }
        return sum;
    }
}

/// <summary>A = L Lᵀ of small matrices, in the lower triangle.</summary>
internal static class SmallCholesky
{
    public static bool TryFactor(Span<double> a, int n)
    {
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = a[i * n + j];
                for (int k = 0; k < j; k++)
                    sum -= a[i * n + k] * a[j * n + k];
                if (i == j && !(sum > 0))
                    return false;
                a[i * n + j] = i == j ? Math.Sqrt(sum) : sum / a[j * n + j];
            }
        }
        return true;
    }

    /// <summary>b ← A⁻¹ b.</summary>
    public static void Solve(ReadOnlySpan<double> factor, int n, Span<double> b) => Solve(factor, n, b, 1);

    /// <summary>B ← A⁻¹ B, [n, m].</summary>
    public static void Solve(ReadOnlySpan<double> factor, int n, Span<double> b, int m)
    {
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++)
                Subtract(b, i, k, factor[i * n + k], m);
            Divide(b, i, factor[i * n + i], m);
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++)
                Subtract(b, i, k, factor[k * n + i], m);
            Divide(b, i, factor[i * n + i], m);
        }
    }

    private static void Subtract(Span<double> b, int row, int other, double weight, int m)
    {
        for (int j = 0; j < m; j++)
            b[row * m + j] -= weight * b[other * m + j];
    }

    private static void Divide(Span<double> b, int row, double pivot, int m)
    {
        for (int j = 0; j < m; j++)
            b[row * m + j] /= pivot;
    }
}
