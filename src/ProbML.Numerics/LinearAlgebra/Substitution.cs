using System.Runtime.CompilerServices;

namespace ProbML.LinearAlgebra;

/// <summary>Substitution in a small triangle for many right-hand sides, which lie side by side in registers.</summary>
/// <remarks>
/// Solves Σ_{k ≤ j} t(j, k) x_k = b_j for j = 0, 1, …, with t(j, k) = triangle[j · rowStep + k · columnStep]. Negative
/// steps run through a triangle from its last corner: that makes the backward substitution of the forward one.
/// </remarks>
internal static unsafe class Substitution<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>The right-hand sides solved at once: eight registers, whose sums do not wait for each other.</summary>
    public static int GroupWidth => 8 * T.Width;

    /// <summary>Solves in place for eight registers of right-hand sides.</summary>
    /// <param name="triangle">t(0, 0).</param>
    /// <param name="rowStep">From t(j, k) to t(j + 1, k).</param>
    /// <param name="columnStep">From t(j, k) to t(j, k + 1).</param>
    /// <param name="order">The number of equations.</param>
    /// <param name="b">b_0, becoming x_0.</param>
    /// <param name="step">From b_j to b_(j + 1).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SolveGroup(double* triangle, nint rowStep, nint columnStep, int order, double* b, nint step)
    {
        double* row = b;
        for (int j = 0; j < order; j++, row += step, triangle += rowStep)
        {
            T s0 = T.Load(row), s1 = T.Load(row + T.Width);
            T s2 = T.Load(row + (2 * T.Width)), s3 = T.Load(row + (3 * T.Width));
            T s4 = T.Load(row + (4 * T.Width)), s5 = T.Load(row + (5 * T.Width));
            T s6 = T.Load(row + (6 * T.Width)), s7 = T.Load(row + (7 * T.Width));
            double* x = b, t = triangle;
            for (int k = 0; k < j; k++, x += step, t += columnStep)
            {
                T left = T.Broadcast(-*t);
                s0 = T.MultiplyAdd(left, T.Load(x), s0);
                s1 = T.MultiplyAdd(left, T.Load(x + T.Width), s1);
                s2 = T.MultiplyAdd(left, T.Load(x + (2 * T.Width)), s2);
                s3 = T.MultiplyAdd(left, T.Load(x + (3 * T.Width)), s3);
                s4 = T.MultiplyAdd(left, T.Load(x + (4 * T.Width)), s4);
                s5 = T.MultiplyAdd(left, T.Load(x + (5 * T.Width)), s5);
                s6 = T.MultiplyAdd(left, T.Load(x + (6 * T.Width)), s6);
                s7 = T.MultiplyAdd(left, T.Load(x + (7 * T.Width)), s7);
            }
            T scale = T.Broadcast(1 / *t);
            T.Store(T.Multiply(s0, scale), row);
            T.Store(T.Multiply(s1, scale), row + T.Width);
            T.Store(T.Multiply(s2, scale), row + (2 * T.Width));
            T.Store(T.Multiply(s3, scale), row + (3 * T.Width));
            T.Store(T.Multiply(s4, scale), row + (4 * T.Width));
            T.Store(T.Multiply(s5, scale), row + (5 * T.Width));
            T.Store(T.Multiply(s6, scale), row + (6 * T.Width));
            T.Store(T.Multiply(s7, scale), row + (7 * T.Width));
        }
    }

    /// <summary>As <see cref="SolveGroup"/>, for the right-hand sides of one register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SolveRegister(double* triangle, nint rowStep, nint columnStep, int order, double* b, nint step)
    {
        double* row = b;
        for (int j = 0; j < order; j++, row += step, triangle += rowStep)
        {
            T sum = T.Load(row);
            double* x = b, t = triangle;
            for (int k = 0; k < j; k++, x += step, t += columnStep)
                sum = T.MultiplyAdd(T.Broadcast(-*t), T.Load(x), sum);
            T.Store(T.Multiply(sum, T.Broadcast(1 / *t)), row);
        }
    }
}
