namespace ProbML.LinearAlgebra;

/// <summary>A factor of a product, seen as vectors of length k: a left one's rows, a right one's columns.</summary>
/// <param name="data">The matrix, row-major.</param>
/// <param name="stride">The distance between its rows.</param>
/// <param name="rowsAreVectors">Whether the vectors are the stored rows; else they are the stored columns.</param>
/// <param name="end">Where readable memory ends.</param>
internal readonly unsafe struct Factor(double* data, nint stride, bool rowsAreVectors, double* end)
{
    private readonly double* data = data;
    private readonly double* end = end;

    /// <summary>target[e, v] = scale · (element e of vector v), for a run of vectors and of elements.</summary>
    /// <param name="vector">The first vector.</param>
    /// <param name="count">The number of vectors.</param>
    /// <param name="element">The first element.</param>
    /// <param name="depth">The number of elements.</param>
    /// <param name="scale">What every number is multiplied by.</param>
    /// <param name="width">The distance between the target's rows; what they hold past the count is undefined.</param>
    /// <param name="target">[depth, width].</param>
    public void Pack<T>(int vector, int count, int element, int depth, double scale, int width, double* target)
        where T : unmanaged, ILanes<T>
    {
        if (rowsAreVectors)
            Panel.PackColumns(data + (vector * stride) + element, stride, scale, depth, count, width, target);
        else
            Panel.PackRows<T>(
                data + (element * stride) + vector, stride, end, scale, null, depth, count, width, target);
    }
}
