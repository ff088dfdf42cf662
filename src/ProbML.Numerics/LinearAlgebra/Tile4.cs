using System.Runtime.CompilerServices;

namespace ProbML.LinearAlgebra;

/// <summary>A tile four rows high, for hardware with 16 registers and for the last rows of a matrix.</summary>
/// <remarks>Written out, because only single locals, not arrays, are sure to stay in registers.</remarks>
internal static unsafe class Tile4
{
    /// <summary>As <see cref="Tile.Accumulate"/>, for 4 rows.</summary>
    public static void Accumulate<T>(
        int registers, double* a, nint aStride, double* b, int depth, double* c, nint cStride)
        where T : unmanaged, ILanes<T>
    {
        switch (registers)
        {
            case 1:
                One<T>(a, aStride, b, depth, c, cStride);
                break;
            case 2:
                Two<T>(a, aStride, b, depth, c, cStride);
                break;
            default:
                Three<T>(a, aStride, b, depth, c, cStride);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Three<T>(double* a, nint aStride, double* b, int depth, double* c, nint cStride)
        where T : unmanaged, ILanes<T>
    {
        T c00 = default, c01 = default, c02 = default;
        T c10 = default, c11 = default, c12 = default;
        T c20 = default, c21 = default, c22 = default;
        T c30 = default, c31 = default, c32 = default;
        for (int k = 0; k < depth; k++, a += aStride, b += Panel.Registers * T.Width)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Width), b2 = T.Load(b + (2 * T.Width));
            T left = T.Broadcast(a[0]);
            c00 = T.MultiplyAdd(left, b0, c00);
            c01 = T.MultiplyAdd(left, b1, c01);
            c02 = T.MultiplyAdd(left, b2, c02);
            left = T.Broadcast(a[1]);
            c10 = T.MultiplyAdd(left, b0, c10);
            c11 = T.MultiplyAdd(left, b1, c11);
            c12 = T.MultiplyAdd(left, b2, c12);
            left = T.Broadcast(a[2]);
            c20 = T.MultiplyAdd(left, b0, c20);
            c21 = T.MultiplyAdd(left, b1, c21);
            c22 = T.MultiplyAdd(left, b2, c22);
            left = T.Broadcast(a[3]);
            c30 = T.MultiplyAdd(left, b0, c30);
            c31 = T.MultiplyAdd(left, b1, c31);
            c32 = T.MultiplyAdd(left, b2, c32);
        }
        Tile.AddTo(c, c00, c01, c02);
        c += cStride;
        Tile.AddTo(c, c10, c11, c12);
        c += cStride;
        Tile.AddTo(c, c20, c21, c22);
        c += cStride;
        Tile.AddTo(c, c30, c31, c32);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<T>(double* a, nint aStride, double* b, int depth, double* c, nint cStride)
        where T : unmanaged, ILanes<T>
    {
        T c00 = default, c01 = default;
        T c10 = default, c11 = default;
        T c20 = default, c21 = default;
        T c30 = default, c31 = default;
        for (int k = 0; k < depth; k++, a += aStride, b += Panel.Registers * T.Width)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Width);
            T left = T.Broadcast(a[0]);
            c00 = T.MultiplyAdd(left, b0, c00);
            c01 = T.MultiplyAdd(left, b1, c01);
            left = T.Broadcast(a[1]);
            c10 = T.MultiplyAdd(left, b0, c10);
            c11 = T.MultiplyAdd(left, b1, c11);
            left = T.Broadcast(a[2]);
            c20 = T.MultiplyAdd(left, b0, c20);
            c21 = T.MultiplyAdd(left, b1, c21);
            left = T.Broadcast(a[3]);
            c30 = T.MultiplyAdd(left, b0, c30);
            c31 = T.MultiplyAdd(left, b1, c31);
        }
        Tile.AddTo(c, c00, c01);
        c += cStride;
        Tile.AddTo(c, c10, c11);
        c += cStride;
        Tile.AddTo(c, c20, c21);
        c += cStride;
        Tile.AddTo(c, c30, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<T>(double* a, nint aStride, double* b, int depth, double* c, nint cStride)
        where T : unmanaged, ILanes<T>
    {
        T c00 = default;
        T c10 = default;
        T c20 = default;
        T c30 = default;
        for (int k = 0; k < depth; k++, a += aStride, b += Panel.Registers * T.Width)
        {
            T b0 = T.Load(b);
            T left = T.Broadcast(a[0]);
            c00 = T.MultiplyAdd(left, b0, c00);
            left = T.Broadcast(a[1]);
            c10 = T.MultiplyAdd(left, b0, c10);
            left = T.Broadcast(a[2]);
            c20 = T.MultiplyAdd(left, b0, c20);
            left = T.Broadcast(a[3]);
            c30 = T.MultiplyAdd(left, b0, c30);
        }
        Tile.AddTo(c, c00);
        c += cStride;
        Tile.AddTo(c, c10);
        c += cStride;
        Tile.AddTo(c, c20);
        c += cStride;
        Tile.AddTo(c, c30);
    }
}
