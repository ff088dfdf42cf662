namespace ProbML.LinearAlgebra;

/// <summary>Products of a row-major matrix X [rows, columns] with a vector.</summary>
internal static unsafe class Gemv
{
    /// <summary>result = X b. A row's result does not depend on the rows around it.</summary>
    /// <param name="x">X.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="stride">The distance between rows, at least <paramref name="columns"/>.</param>
    /// <param name="b">[columns].</param>
    /// <param name="result">[rows].</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Multiply(
        ReadOnlySpan<double> x, int rows, int columns, int stride, ReadOnlySpan<double> b, Span<double> result)
    {
        Guard.Matrix(x, rows, columns, stride);
        Guard.Vector(b, columns);
        Guard.Vector(result, rows);
        fixed (double* px = x, pb = b, pr = result)
        {
            switch (Simd.Path)
            {
                case SimdPath.Vector512:
                    Multiply<Lanes8>(px, rows, columns, stride, pb, pr);
                    break;
                case SimdPath.Vector256:
                    Multiply<Lanes4>(px, rows, columns, stride, pb, pr);
                    break;
                default:
                    Multiply<Lanes1>(px, rows, columns, stride, pb, pr);
                    break;
            }
        }
    }

    /// <summary>result += X'v.</summary>
    /// <param name="x">X.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="stride">The distance between rows, at least <paramref name="columns"/>.</param>
    /// <param name="v">[rows].</param>
    /// <param name="result">[columns].</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void AccumulateTransposed(
        ReadOnlySpan<double> x, int rows, int columns, int stride, ReadOnlySpan<double> v, Span<double> result)
    {
        Guard.Matrix(x, rows, columns, stride);
        Guard.Vector(v, rows);
        Guard.Vector(result, columns);
        fixed (double* px = x, pv = v, pr = result)
        {
            switch (Simd.Path)
            {
                case SimdPath.Vector512:
                    VectorKernels<Lanes8>.AddRowsScaled(pv, px, stride, rows, pr, columns);
                    break;
                case SimdPath.Vector256:
                    VectorKernels<Lanes4>.AddRowsScaled(pv, px, stride, rows, pr, columns);
                    break;
                default:
                    VectorKernels<Lanes1>.AddRowsScaled(pv, px, stride, rows, pr, columns);
                    break;
            }
        }
    }

    private static void Multiply<T>(double* x, int rows, int columns, nint stride, double* b, double* result)
        where T : unmanaged, ILanes<T>
    {
        int i = 0;
        for (; i + 4 <= rows; i += 4)
            VectorKernels<T>.FourDots(x + (i * stride), stride, b, columns, result + i);
        for (; i < rows; i++)
            result[i] = VectorKernels<T>.OneDot(x + (i * stride), b, columns);
    }
}
