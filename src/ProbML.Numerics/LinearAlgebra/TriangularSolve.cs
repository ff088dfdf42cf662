namespace ProbML.LinearAlgebra;

/// <summary>Solves L X = B and L'X = B in place; of L only the lower triangle is read.</summary>
internal static unsafe class TriangularSolve
{
    /// <summary>b ← L⁻¹ b.</summary>
    /// <param name="l">L, [n, n], row-major, with no zero on its diagonal.</param>
    /// <param name="n">The number of equations.</param>
    /// <param name="stride">The distance between the rows of L.</param>
    /// <param name="b">The right-hand side, becoming the solution, [n].</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Forward(ReadOnlySpan<double> l, int n, int stride, Span<double> b) =>
        SolveOne(l, n, stride, b, transposed: false);

    /// <summary>b ← L⁻ᵀ b.</summary>
    /// <inheritdoc cref="Forward(ReadOnlySpan{double}, int, int, Span{double})"/>
    public static void Backward(ReadOnlySpan<double> l, int n, int stride, Span<double> b) =>
        SolveOne(l, n, stride, b, transposed: true);

    /// <summary>B ← L⁻¹ B.</summary>
    /// <param name="l">L, [n, n], row-major, with no zero on its diagonal.</param>
    /// <param name="n">The number of equations.</param>
    /// <param name="stride">The distance between the rows of L.</param>
    /// <param name="b">The right-hand sides, becoming the solutions, [n, columns].</param>
    /// <param name="columns">The number of right-hand sides.</param>
    /// <param name="bStride">The distance between the rows of B.</param>
    /// <param name="threads">The most threads to use; the result is the same, to the bit, for any number.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Forward(
        ReadOnlySpan<double> l, int n, int stride, Span<double> b, int columns, int bStride, int threads = 1) =>
        SolveMany(l, n, stride, b, columns, bStride, transposed: false, threads);

    /// <summary>B ← L⁻ᵀ B.</summary>
    /// <inheritdoc cref="Forward(ReadOnlySpan{double}, int, int, Span{double}, int, int, int)"/>
    public static void Backward(
        ReadOnlySpan<double> l, int n, int stride, Span<double> b, int columns, int bStride, int threads = 1) =>
        SolveMany(l, n, stride, b, columns, bStride, transposed: true, threads);

    private static void SolveOne(ReadOnlySpan<double> l, int n, int stride, Span<double> b, bool transposed)
    {
        Guard.Matrix(l, n, n, stride);
        Guard.Vector(b, n);
        fixed (double* pl = l, pb = b)
        {
            switch (Simd.Path)
            {
                case SimdPath.Vector512:
                    TriangularKernels<Lanes8>.SolveOne(pl, n, stride, pb, transposed);
                    break;
                case SimdPath.Vector256:
                    TriangularKernels<Lanes4>.SolveOne(pl, n, stride, pb, transposed);
                    break;
                default:
                    TriangularKernels<Lanes1>.SolveOne(pl, n, stride, pb, transposed);
                    break;
            }
        }
    }

    private static void SolveMany(
        ReadOnlySpan<double> l, int n, int stride, Span<double> b, int columns, int bStride, bool transposed,
        int threads)
    {
        Guard.Matrix(l, n, n, stride);
        Guard.Matrix(b, n, columns, bStride);
        fixed (double* pl = l, pb = b)
        {
            switch (Simd.Path)
            {
                case SimdPath.Vector512:
                    TriangularKernels<Lanes8>.SolveMany(pl, n, stride, pb, columns, bStride, transposed, threads);
                    break;
                case SimdPath.Vector256:
                    TriangularKernels<Lanes4>.SolveMany(pl, n, stride, pb, columns, bStride, transposed, threads);
                    break;
                default:
                    TriangularKernels<Lanes1>.SolveMany(pl, n, stride, pb, columns, bStride, transposed, threads);
                    break;
            }
        }
    }
}
