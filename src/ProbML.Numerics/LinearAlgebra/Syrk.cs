namespace ProbML.LinearAlgebra;

/// <summary>Products of a matrix with its own transpose, of which only the lower triangle is computed.</summary>
internal static unsafe class Syrk
{
    /// <summary>Lower triangle of C += α · A·A', or α · A'·A if transposed; the rest of C stays as it is.</summary>
    /// <param name="n">The rows and columns of C.</param>
    /// <param name="k">The terms of each sum.</param>
    /// <param name="alpha">α.</param>
    /// <param name="a">A, [n, k], or [k, n] if transposed.</param>
    /// <param name="lda">The distance between the rows of A.</param>
    /// <param name="transpose">Whether to form A'·A.</param>
    /// <param name="c">C, [n, n]; must not overlap A.</param>
    /// <param name="ldc">The distance between the rows of C.</param>
    /// <param name="threads">The most threads to use; the result is the same, to the bit, for any number.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Accumulate(
        int n, int k, double alpha, ReadOnlySpan<double> a, int lda, bool transpose, Span<double> c, int ldc,
        int threads = 1)
    {
        Guard.Matrix(a, transpose ? k : n, transpose ? n : k, lda);
        Guard.Matrix(c, n, n, ldc);
        fixed (double* pa = a, pc = c)
            Accumulate(n, k, alpha, new Factor(pa, lda, !transpose, pa + a.Length), pc, ldc, threads);
    }

    /// <summary>As above, on pointers, for callers whose A and C are parts of one matrix.</summary>
    public static void Accumulate(int n, int k, double alpha, Factor a, double* c, nint ldc, int threads)
    {
        var product = new Product
        {
            Rows = n,
            Columns = n,
            Depth = k,
            Alpha = alpha,
            Left = a,
            Right = a,
            Target = c,
            TargetStride = ldc,
            LowerOnly = true,
        };
        product.Accumulate(threads);
    }
}
