using System.Runtime.CompilerServices;

namespace ProbML.LinearAlgebra;

/// <summary>A tile eight rows high, for hardware with 32 registers: 24 hold the tile, 3 of B and 1 of A.</summary>
/// <remarks>Written out, because only single locals, not arrays, are sure to stay in registers.</remarks>
internal static unsafe class Tile8
{
    /// <summary>As <see cref="Tile.Accumulate"/>, for 8 rows.</summary>
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
        T c40 = default, c41 = default, c42 = default;
        T c50 = default, c51 = default, c52 = default;
        T c60 = default, c61 = default, c62 = default;
        T c70 = default, c71 = default, c72 = default;
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
            left = T.Broadcast(a[4]);
            c40 = T.MultiplyAdd(left, b0, c40);
            c41 = T.MultiplyAdd(left, b1, c41);
            c42 = T.MultiplyAdd(left, b2, c42);
            left = T.Broadcast(a[5]);
            c50 = T.MultiplyAdd(left, b0, c50);
            c51 = T.MultiplyAdd(left, b1, c51);
            c52 = T.MultiplyAdd(left, b2, c52);
            left = T.Broadcast(a[6]);
            c60 = T.MultiplyAdd(left, b0, c60);
            c61 = T.MultiplyAdd(left, b1, c61);
            c62 = T.MultiplyAdd(left, b2, c62);
            left = T.Broadcast(a[7]);
            c70 = T.MultiplyAdd(left, b0, c70);
            c71 = T.MultiplyAdd(left, b1, c71);
            c72 = T.MultiplyAdd(left, b2, c72);
        }
        Tile.AddTo(c, c00, c01, c02);
        c += cStride;
        Tile.AddTo(c, c10, c11, c12);
        c += cStride;
        Tile.AddTo(c, c20, c21, c22);
        c += cStride;
        Tile.AddTo(c, c30, c31, c32);
        c += cStride;
        Tile.AddTo(c, c40, c41, c42);
        c += cStride;
        Tile.AddTo(c, c50, c51, c52);
        c += cStride;
        Tile.AddTo(c, c60, c61, c62);
        c += cStride;
        Tile.AddTo(c, c70, c71, c72);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<T>(double* a, nint aStride, double* b, int depth, double* c, nint cStride)
        where T : unmanaged, ILanes<T>
    {
        T c00 = default, c01 = default;
        T c10 = default, c11 = default;
        T c20 = default, c21 = default;
        T c30 = default, c31 = default;
        T c40 = default, c41 = default;
        T c50 = default, c51 = default;
        T c60 = default, c61 = default;
        T c70 = default, c71 = default;
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
            left = T.Broadcast(a[4]);
            c40 = T.MultiplyAdd(left, b0, c40);
            c41 = T.MultiplyAdd(left, b1, c41);
            left = T.Broadcast(a[5]);
            c50 = T.MultiplyAdd(left, b0, c50);
            c51 = T.MultiplyAdd(left, b1, c51);
            left = T.Broadcast(a[6]);
            c60 = T.MultiplyAdd(left, b0, c60);
            c61 = T.MultiplyAdd(left, b1, c61);
            left = T.Broadcast(a[7]);
            c70 = T.MultiplyAdd(left, b0, c70);
            c71 = T.MultiplyAdd(left, b1, c71);
        }
        Tile.AddTo(c, c00, c01);
        c += cStride;
        Tile.AddTo(c, c10, c11);
        c += cStride;
        Tile.AddTo(c, c20, c21);
        c += cStride;
        Tile.AddTo(c, c30, c31);
        c += cStride;
        Tile.AddTo(c, c40, c41);
        c += cStride;
        Tile.AddTo(c, c50, c51);
        c += cStride;
        Tile.AddTo(c, c60, c61);
        c += cStride;
        Tile.AddTo(c, c70, c71);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<T>(double* a, nint aStride, double* b, int depth, double* c, nint cStride)
        where T : unmanaged, ILanes<T>
    {
        T c00 = default;
        T c10 = default;
        T c20 = default;
        T c30 = default;
        T c40 = default;
        T c50 = default;
        T c60 = default;
        T c70 = default;
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
            left = T.Broadcast(a[4]);
            c40 = T.MultiplyAdd(left, b0, c40);
            left = T.Broadcast(a[5]);
            c50 = T.MultiplyAdd(left, b0, c50);
            left = T.Broadcast(a[6]);
            c60 = T.MultiplyAdd(left, b0, c60);
            left = T.Broadcast(a[7]);
            c70 = T.MultiplyAdd(left, b0, c70);
        }
        Tile.AddTo(c, c00);
        c += cStride;
        Tile.AddTo(c, c10);
        c += cStride;
        Tile.AddTo(c, c20);
        c += cStride;
        Tile.AddTo(c, c30);
        c += cStride;
        Tile.AddTo(c, c40);
        c += cStride;
        Tile.AddTo(c, c50);
        c += cStride;
        Tile.AddTo(c, c60);
        c += cStride;
        Tile.AddTo(c, c70);
    }
}
