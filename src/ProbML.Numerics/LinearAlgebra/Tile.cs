using System.Runtime.CompilerServices;

namespace ProbML.LinearAlgebra;

/// <summary>The product that all others are made of: some rows of A' times some columns of B, in registers.</summary>
/// <remarks>
/// Goto &amp; van de Geijn (2008), "Anatomy of high-performance matrix multiplication", §5. An element of the tile is
/// summed over k in order, one rounding a term, whatever the tile's shape: so how a matrix is cut into tiles, or
/// shared among threads, leaves no trace in the result.
/// </remarks>
internal static unsafe class Tile
{
    /// <summary>C [rows, registers · width] += A'B, with A [depth, rows] and B [depth, 3 · width].</summary>
    /// <param name="rows">Up to T.TileRows; rows between those that a kernel computes are read and written too.</param>
    /// <param name="registers">How many registers of each row of B to use, from 1 to 3.</param>
    /// <param name="a">Row k begins at a + k · aStride, and holds as many numbers as the kernel has rows.</param>
    /// <param name="aStride">The distance between the rows of A.</param>
    /// <param name="b">A panel, as <see cref="Panel"/> lays it out.</param>
    /// <param name="depth">The number of terms of each sum.</param>
    /// <param name="c">Where the tile begins in a row-major matrix.</param>
    /// <param name="cStride">The distance between the rows of C.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate<T>(
        int rows, int registers, double* a, nint aStride, double* b, int depth, double* c, nint cStride)
        where T : unmanaged, ILanes<T>
    {
        if (rows > 4)
            Tile8.Accumulate<T>(registers, a, aStride, b, depth, c, cStride);
        else
            Tile4.Accumulate<T>(registers, a, aStride, b, depth, c, cStride);
    }

    /// <summary>Adds the wanted part of a tile that was summed apart, [8, 3 · width], to a matrix.</summary>
    /// <param name="rows">The number of rows wanted.</param>
    /// <param name="columns">The number of columns wanted.</param>
    /// <param name="reach">The number of columns wanted of row 0; each next row wants one more.</param>
    /// <param name="tile">The tile, as <see cref="Accumulate"/> left it.</param>
    /// <param name="c">Where the tile begins in a row-major matrix.</param>
    /// <param name="cStride">The distance between the rows of C.</param>
    public static void AddPart<T>(int rows, int columns, int reach, double* tile, double* c, nint cStride)
        where T : unmanaged, ILanes<T>
    {
        for (int i = 0; i < rows; i++, tile += Panel.Registers * T.Width, c += cStride)
        {
            int count = Math.Min(columns, reach + i), j = 0;
            for (; j + T.Width <= count; j += T.Width)
                AddTo(c + j, T.Load(tile + j));
            for (; j < count; j++)
                c[j] += tile[j];
        }
    }

    /// <summary>The number of rows that the kernel for <paramref name="rows"/> rows computes: 4 or 8.</summary>
    public static int KernelRows(int rows) => rows > 4 ? 8 : 4;

    /// <summary>Adds one register to a row of C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo<T>(double* c, T first)
        where T : unmanaged, ILanes<T> => T.Store(T.Add(T.Load(c), first), c);

    /// <summary>Adds two registers to a row of C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo<T>(double* c, T first, T second)
        where T : unmanaged, ILanes<T>
    {
        AddTo(c, first);
        AddTo(c + T.Width, second);
    }

    /// <summary>Adds three registers to a row of C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo<T>(double* c, T first, T second, T third)
        where T : unmanaged, ILanes<T>
    {
        AddTo(c, first);
        AddTo(c + T.Width, second);
        AddTo(c + (2 * T.Width), third);
    }
}
