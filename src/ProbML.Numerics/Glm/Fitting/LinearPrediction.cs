using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Linear predictors of rows, and their variances, from coefficients of transformed rows.</summary>
internal static class LinearPrediction
{
    private const int Most = 256;

    /// <summary>η = zᵀb + offset and, where asked for, zᵀCz.</summary>
    /// <param name="transform">From x to z.</param>
    /// <param name="coefficients">b, [q].</param>
    /// <param name="covariance">C, [q, q]; empty: zero.</param>
    /// <param name="rows">[n].</param>
    /// <param name="eta">[n].</param>
    /// <param name="variance">[n], or empty: not wanted.</param>
    public static void Rows(
        RowTransform transform, double[] coefficients, double[] covariance, in RowBlock rows, Span<double> eta, Span<double> variance)
    {
        int width = transform.Width, stride = transform.Stride, most = Math.Min(Most, rows.Count);
        using var rented = new RentedNumbers(2 * most * stride);
        Span<double> z = rented.Take(most * stride), scratch = rented.Take(most * stride);
        variance.Clear();
        for (int start = 0; start < rows.Count; start += Most)
        {
            int count = Math.Min(Most, rows.Count - start);
            transform.Apply(rows, start, count, z, scratch);
            Gemv.Multiply(z, count, width, stride, coefficients, eta.Slice(start, count));
            if (!variance.IsEmpty && covariance.Length > 0)
                QuadraticForm.Rows(z, count, width, stride, covariance, width, variance.Slice(start, count));
        }
        for (int i = 0; i < rows.Count; i++)
            eta[i] += rows.Offset(i);
    }
}
