using System.Buffers;
using System.Runtime.InteropServices;

namespace ProbML.LinearAlgebra;

/// <summary>Pooled memory for a packed copy: pinned, on a cache line's boundary, its content undefined.</summary>
internal unsafe struct Scratch : IDisposable
{
    private const int LineBytes = 64;
    private double[]? array;
    private GCHandle pin;

    public Scratch(long length)
    {
        array = ArrayPool<double>.Shared.Rent(checked((int)(length + (LineBytes / sizeof(double)))));
        pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        Pointer = Align((double*)pin.AddrOfPinnedObject());
    }

    /// <summary>The first double.</summary>
    public double* Pointer { get; private set; }

    /// <summary>The first address at or after this one at which a cache line begins.</summary>
    public static double* Align(double* address) =>
        (double*)(((nuint)address + LineBytes - 1) & ~(nuint)(LineBytes - 1));

    public void Dispose()
    {
        if (array is null)
            return;
        pin.Free();
        ArrayPool<double>.Shared.Return(array);
        array = null;
        Pointer = null;
    }
}
