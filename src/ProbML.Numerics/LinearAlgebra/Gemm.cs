namespace ProbML.LinearAlgebra;

/// <summary>General matrix products, on row-major matrices.</summary>
internal static unsafe class Gemm
{
    /// <summary>C += α · op(A) · op(B), where op transposes or not.</summary>
    /// <param name="m">The rows of op(A) and C.</param>
    /// <param name="n">The columns of op(B) and C.</param>
    /// <param name="k">The columns of op(A), the rows of op(B).</param>
    /// <param name="alpha">α.</param>
    /// <param name="a">A, [m, k], or [k, m] if transposed.</param>
    /// <param name="lda">The distance between the rows of A.</param>
    /// <param name="transposeA">Whether op(A) = A'.</param>
    /// <param name="b">B, [k, n], or [n, k] if transposed.</param>
    /// <param name="ldb">The distance between the rows of B.</param>
    /// <param name="transposeB">Whether op(B) = B'.</param>
    /// <param name="c">C, [m, n]; must not overlap A or B.</param>
    /// <param name="ldc">The distance between the rows of C.</param>
    /// <param name="threads">The most threads to use; the result is the same, to the bit, for any number.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Accumulate(
        int m, int n, int k, double alpha,
        ReadOnlySpan<double> a, int lda, bool transposeA,
        ReadOnlySpan<double> b, int ldb, bool transposeB,
        Span<double> c, int ldc,
        int threads = 1)
    {
        Guard.Matrix(a, transposeA ? k : m, transposeA ? m : k, lda);
        Guard.Matrix(b, transposeB ? n : k, transposeB ? k : n, ldb);
        Guard.Matrix(c, m, n, ldc);
        fixed (double* pa = a, pb = b, pc = c)
        {
            var product = new Product
            {
                Rows = m,
                Columns = n,
                Depth = k,
                Alpha = alpha,
                Left = new(pa, lda, rowsAreVectors: !transposeA, pa + a.Length),
                Right = new(pb, ldb, rowsAreVectors: transposeB, pb + b.Length),
                Target = pc,
                TargetStride = ldc,
            };
            product.Accumulate(threads);
        }
    }
}
