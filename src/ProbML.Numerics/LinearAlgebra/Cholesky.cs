namespace ProbML.LinearAlgebra;

/// <summary>The factorisation A = L L' of a symmetric positive definite matrix, and what follows from it.</summary>
/// <remarks>Golub &amp; Van Loan (2013), §4.2. Of A and L only the lower triangle is read or written.</remarks>
internal static unsafe class Cholesky
{
    private const int InverseBlock = 192;
    private const int InversePanel = 512;

    /// <summary>A ← L in the lower triangle; false, with A spoilt, if a pivot is not positive.</summary>
    /// <param name="a">A, [n, n], its lower triangle.</param>
    /// <param name="n">The rows and columns of A.</param>
    /// <param name="stride">The distance between the rows of A.</param>
    /// <param name="failedAt">The first row whose leading minor is not positive definite, or −1.</param>
    /// <param name="threads">The most threads to use; the result is the same, to the bit, for any number.</param>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    public static bool TryFactor(Span<double> a, int n, int stride, out int failedAt, int threads = 1)
    {
        Guard.Matrix(a, n, n, stride);
        fixed (double* pa = a)
        {
            failedAt = Simd.Path switch
            {
                SimdPath.Vector512 => CholeskyKernels<Lanes8>.Factor(pa, n, stride, threads),
                SimdPath.Vector256 => CholeskyKernels<Lanes4>.Factor(pa, n, stride, threads),
                _ => CholeskyKernels<Lanes1>.Factor(pa, n, stride, threads),
            };
        }
        return failedAt < 0;
    }

    /// <summary>b ← A⁻¹ b.</summary>
    /// <param name="factor">L, as <see cref="TryFactor"/> left it.</param>
    /// <param name="n">The rows and columns of A.</param>
    /// <param name="stride">The distance between the rows of L.</param>
    /// <param name="b">The right-hand side, becoming the solution, [n].</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Solve(ReadOnlySpan<double> factor, int n, int stride, Span<double> b)
    {
        TriangularSolve.Forward(factor, n, stride, b);
        TriangularSolve.Backward(factor, n, stride, b);
    }

    /// <summary>B ← A⁻¹ B.</summary>
    /// <param name="factor">L, as <see cref="TryFactor"/> left it.</param>
    /// <param name="n">The rows and columns of A.</param>
    /// <param name="stride">The distance between the rows of L.</param>
    /// <param name="b">The right-hand sides, becoming the solutions, [n, columns].</param>
    /// <param name="columns">The number of right-hand sides.</param>
    /// <param name="bStride">The distance between the rows of B.</param>
    /// <param name="threads">The most threads to use; the result is the same, to the bit, for any number.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Solve(
        ReadOnlySpan<double> factor, int n, int stride, Span<double> b, int columns, int bStride, int threads = 1)
    {
        TriangularSolve.Forward(factor, n, stride, b, columns, bStride, threads);
        TriangularSolve.Backward(factor, n, stride, b, columns, bStride, threads);
    }

    /// <summary>A⁻¹ = L⁻ᵀ L⁻¹, both triangles, exactly symmetric.</summary>
    /// <param name="factor">L, as <see cref="TryFactor"/> left it.</param>
    /// <param name="n">The rows and columns of A.</param>
    /// <param name="stride">The distance between the rows of L.</param>
    /// <param name="inverse">A⁻¹, [n, n]; must not overlap L.</param>
    /// <param name="inverseStride">The distance between the rows of A⁻¹.</param>
    /// <param name="threads">The most threads to use; the result is the same, to the bit, for any number.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void InvertFromFactor(
        ReadOnlySpan<double> factor, int n, int stride, Span<double> inverse, int inverseStride, int threads = 1)
    {
        Guard.Matrix(factor, n, n, stride);
        Guard.Matrix(inverse, n, n, inverseStride);
        using var scratch = new Scratch((long)n * n);
        var lower = new Span<double>(scratch.Pointer, n * n);
        InvertTriangle(factor, n, stride, lower, threads);

        for (int i = 0; i < n; i++)
            inverse.Slice(i * inverseStride, n).Clear();
        for (int first = 0; first < n; first += InverseBlock)       // rows of L⁻¹ end at the diagonal
        {
            int depth = Math.Min(InverseBlock, n - first);
            Syrk.Accumulate(
                first + depth, depth, 1, lower[(first * n)..], n, transpose: true, inverse, inverseStride, threads);
        }
        Mirror(inverse, n, inverseStride);
    }

    /// <summary>ln |A| = 2 Σ ln Lᵢᵢ.</summary>
    /// <param name="factor">L, as <see cref="TryFactor"/> left it.</param>
    /// <param name="n">The rows and columns of A.</param>
    /// <param name="stride">The distance between the rows of L.</param>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    public static double LogDeterminant(ReadOnlySpan<double> factor, int n, int stride)
    {
        Guard.Matrix(factor, n, n, stride);
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum += Math.Log(factor[(i * stride) + i]);
        return 2 * sum;
    }

    /// <summary>L⁻¹, a block of rows at a time, each from the identity's rows and those of L⁻¹ above it.</summary>
    private static void InvertTriangle(ReadOnlySpan<double> l, int n, int stride, Span<double> inverse, int threads)
    {
        inverse.Clear();
        for (int i = 0; i < n; i++)
            inverse[(i * n) + i] = 1;
        for (int first = 0; first < n; first += InverseBlock)
        {
            int order = Math.Min(InverseBlock, n - first);
            var rows = inverse[(first * n)..];
            var left = l[(first * stride)..];
            for (int column = 0; column < first; column += InversePanel)     // above its diagonal L⁻¹ is zero
            {
                Gemm.Accumulate(
                    order, Math.Min(InversePanel, first - column), first - column, -1, left[column..], stride, false,
                    inverse[((column * n) + column)..], n, false, rows[column..], n, threads);
            }
            TriangularSolve.Forward(left[first..], order, stride, rows, first + order, n, threads);
        }
    }

    /// <summary>Copies the lower triangle to the upper, in blocks: it runs along rows and down columns.</summary>
    private static void Mirror(Span<double> a, int n, int stride)
    {
        const int Block = 16;
        for (int firstRow = 0; firstRow < n; firstRow += Block)
        {
            for (int firstColumn = 0; firstColumn <= firstRow; firstColumn += Block)
            {
                for (int i = firstRow; i < Math.Min(firstRow + Block, n); i++)
                {
                    for (int j = firstColumn; j < Math.Min(firstColumn + Block, i); j++)
                        a[(j * stride) + i] = a[(i * stride) + j];
                }
            }
        }
    }
}
