namespace ProbML.LinearAlgebra;

/// <summary>Quadratic forms x'Mx, as in the variance of a linear predictor.</summary>
internal static unsafe class QuadraticForm
{
    private const int BlockRows = 96;
    private const int FewRows = 4;                // fewer do not repay packing M

    /// <summary>result_i = xᵢ'M xᵢ. A row's result does not depend on the rows around it.</summary>
    /// <param name="x">The rows xᵢ, [rows, columns].</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns p.</param>
    /// <param name="stride">The distance between rows, at least <paramref name="columns"/>.</param>
    /// <param name="matrix">M, [p, p], symmetric, both triangles.</param>
    /// <param name="matrixStride">The distance between the rows of M.</param>
    /// <param name="result">[rows].</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Rows(
        ReadOnlySpan<double> x, int rows, int columns, int stride,
        ReadOnlySpan<double> matrix, int matrixStride,
        Span<double> result)
    {
        Guard.Matrix(x, rows, columns, stride);
        Guard.Matrix(matrix, columns, columns, matrixStride);
        Guard.Vector(result, rows);
        fixed (double* px = x, pm = matrix, pr = result)
        {
            switch (Simd.Path)
            {
                case SimdPath.Vector512:
                    Rows<Lanes8>(px, rows, columns, stride, x.Length, pm, matrixStride, matrix.Length, pr);
                    break;
                case SimdPath.Vector256:
                    Rows<Lanes4>(px, rows, columns, stride, x.Length, pm, matrixStride, matrix.Length, pr);
                    break;
                default:
                    Rows<Lanes1>(px, rows, columns, stride, x.Length, pm, matrixStride, matrix.Length, pr);
                    break;
            }
        }
    }

    private static void Rows<T>(
        double* x, int rows, int columns, nint stride, int xLength,
        double* m, nint mStride, int mLength,
        double* result)
        where T : unmanaged, ILanes<T>
    {
        if (rows == 0)
            return;
        int most = rows < FewRows ? 1 : Math.Min(BlockRows, rows);
        using var products = new Scratch(((long)most + 1) * columns);
        for (int first = 0; first < rows; first += most)
        {
            int count = Math.Min(most, rows - first);
            double* block = x + (first * stride);
            new Span<double>(products.Pointer, count * columns).Clear();
            if (count < FewRows)
            {
                for (int i = 0; i < count; i++)
                    MultiplyRow<T>(
                        block + (i * stride), columns, m, mStride, products.Pointer + (most * columns),
                        products.Pointer + (i * columns));
            }
            else
            {
                BlockedProduct<T>.Accumulate(
                    new Product
                    {
                        Rows = count,
                        Columns = columns,
                        Depth = columns,
                        Alpha = 1,
                        Left = new(block, stride, rowsAreVectors: true, x + xLength),
                        Right = new(m, mStride, rowsAreVectors: false, m + mLength),
                        Target = products.Pointer,
                        TargetStride = columns,
                    },
                    threads: 1);
            }
            for (int i = 0; i < count; i++)
                result[first + i] = VectorKernels<T>.Dot(
                    block + (i * stride), products.Pointer + (i * columns), columns);
        }
    }

    /// <summary>result += M x, adding the terms in the order of <see cref="BlockedProduct{T}"/>.</summary>
    private static void MultiplyRow<T>(double* x, int columns, double* m, nint mStride, double* part, double* result)
        where T : unmanaged, ILanes<T>
    {
        for (int first = 0; first < columns; first += BlockedProduct<T>.Depth)
        {
            int depth = Math.Min(BlockedProduct<T>.Depth, columns - first);
            new Span<double>(part, columns).Clear();
            VectorKernels<T>.AddRowsScaled(x + first, m + (first * mStride), mStride, depth, part, columns);
            VectorKernels<T>.AddScaled(1, part, result, columns);
        }
    }
}
