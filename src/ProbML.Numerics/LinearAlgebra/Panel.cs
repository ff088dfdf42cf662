using System.Runtime.CompilerServices;

namespace ProbML.LinearAlgebra;

/// <summary>Copies of matrices in the order in which the kernels read them.</summary>
internal static unsafe class Panel
{
    /// <summary>The width of a panel of B in registers.</summary>
    public const int Registers = 3;

    /// <summary>target[k, j] = scale · w_k · source[k, j] for a row-major source; beyond count, undefined.</summary>
    /// <param name="source">[depth, count].</param>
    /// <param name="stride">The distance between the source's rows.</param>
    /// <param name="end">Where readable memory ends: whatever follows a row's last number is copied with it.</param>
    /// <param name="scale">What every number is multiplied by.</param>
    /// <param name="weights">[depth], or null for ones.</param>
    /// <param name="depth">The number of rows.</param>
    /// <param name="count">The number of columns in the source.</param>
    /// <param name="width">The number of columns in the target.</param>
    /// <param name="target">[depth, width].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackRows<T>(
        double* source, nint stride, double* end, double scale, double* weights, int depth, int count, int width,
        double* target)
        where T : unmanaged, ILanes<T>
    {
        int registers = (count + T.Width - 1) / T.Width;
        if (registers <= Registers && source + ((depth - 1) * stride) + (registers * T.Width) <= end)
        {
            for (int k = 0; k < depth; k++, source += stride, target += width)
            {
                T factor = T.Broadcast(weights is null ? scale : scale * weights[k]);
                T.Store(T.Multiply(factor, T.Load(source)), target);
                if (registers > 1)
                    T.Store(T.Multiply(factor, T.Load(source + T.Width)), target + T.Width);
                if (registers > 2)
                    T.Store(T.Multiply(factor, T.Load(source + (2 * T.Width))), target + (2 * T.Width));
            }
            return;
        }
        for (int k = 0; k < depth; k++, source += stride, target += width)
        {
            double factor = weights is null ? scale : scale * weights[k];
            for (int j = 0; j < count; j++)
                target[j] = factor * source[j];
        }
    }

    /// <summary>target[k, j] = scale · source[j, k] for a row-major source; beyond count, undefined.</summary>
    /// <param name="source">[count, depth].</param>
    /// <param name="stride">The distance between the source's rows.</param>
    /// <param name="scale">What every number is multiplied by.</param>
    /// <param name="depth">The number of columns in the source.</param>
    /// <param name="count">The number of rows in the source.</param>
    /// <param name="width">The number of columns in the target.</param>
    /// <param name="target">[depth, width].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackColumns(
        double* source, nint stride, double scale, int depth, int count, int width, double* target)
    {
        int j = 0;
        for (; j + 4 <= count; j += 4, source += 4 * stride)
        {
            double* r0 = source, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
            double* to = target + j;
            for (int k = 0; k < depth; k++, to += width)
            {
                to[0] = scale * r0[k];
                to[1] = scale * r1[k];
                to[2] = scale * r2[k];
                to[3] = scale * r3[k];
            }
        }
        for (; j < count; j++, source += stride)
        {
            double* to = target + j;
            for (int k = 0; k < depth; k++, to += width)
                *to = scale * source[k];
        }
    }

    /// <summary>target[j, k] = source[k, j] for a row-major target.</summary>
    /// <param name="source">[depth, count].</param>
    /// <param name="depth">The number of columns in the target.</param>
    /// <param name="count">The number of rows in the target.</param>
    /// <param name="width">The distance between the source's rows.</param>
    /// <param name="target">[count, depth].</param>
    /// <param name="stride">The distance between the target's rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void UnpackColumns(double* source, int depth, int count, int width, double* target, nint stride)
    {
        for (int j = 0; j < count; j++, target += stride)
        {
            double* from = source + j;
            for (int k = 0; k < depth; k++, from += width)
                target[k] = *from;
        }
    }
}
