using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ProbML.LinearAlgebra;

/// <summary>Checks that spans hold what the pointers made of them will touch.</summary>
internal static class Guard
{
    /// <summary>A row-major matrix whose last row may end at its last column.</summary>
    /// <exception cref="ArgumentException">The span is too short, or the rows overlap.</exception>
    public static void Matrix(
        ReadOnlySpan<double> matrix,
        int rows,
        int columns,
        int stride,
        [CallerArgumentExpression(nameof(matrix))] string name = "")
    {
        if (rows < 0 || columns < 0 || stride < columns)
            ThrowShape(rows, columns, stride, name);
        long needed = rows == 0 || columns == 0 ? 0 : ((rows - 1L) * stride) + columns;
        if (matrix.Length < needed)
            ThrowShort(needed, matrix.Length, name);
    }

    /// <summary>A vector.</summary>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    public static void Vector(
        ReadOnlySpan<double> vector, int length, [CallerArgumentExpression(nameof(vector))] string name = "")
    {
        if (vector.Length < length)
            ThrowShort(length, vector.Length, name);
    }

    [DoesNotReturn]
    private static void ThrowShape(int rows, int columns, int stride, string name) =>
        throw new ArgumentException(
            $"A matrix needs rows ≥ 0, columns ≥ 0 and stride ≥ columns, but '{name}' has {rows} rows, " +
            $"{columns} columns and stride {stride}.",
            name);

    [DoesNotReturn]
    private static void ThrowShort(long needed, int found, string name) =>
        throw new ArgumentException($"'{name}' must hold {needed} numbers, but holds {found}.", name);
}
