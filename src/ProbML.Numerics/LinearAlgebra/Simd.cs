using System.Runtime.Intrinsics;

namespace ProbML.LinearAlgebra;

/// <summary>Chooses the registers that the kernels compute in.</summary>
internal static class Simd
{
    private static readonly SimdPath widest =
        Vector512.IsHardwareAccelerated ? SimdPath.Vector512
        : Vector256.IsHardwareAccelerated ? SimdPath.Vector256
        : SimdPath.Scalar;

    private static readonly AsyncLocal<SimdPath> forced = new();
    private static int forcing;

    /// <summary>The path in force here, never <see cref="SimdPath.Auto"/>; a kernel reads it once a call.</summary>
    public static SimdPath Path
    {
        get
        {
            if (Volatile.Read(ref forcing) == 0)      // almost always: spares the look-up in the execution context
                return widest;
            var path = forced.Value;
            return path == SimdPath.Auto ? widest : path;
        }
    }

    /// <summary>Sets the path of this asynchronous flow until disposed of; for tests and benchmarks.</summary>
    /// <remarks>A path that the hardware lacks still computes the same numbers, slowly.</remarks>
    public static IDisposable Force(SimdPath path)
    {
        var scope = new Scope(forced.Value);
        Interlocked.Increment(ref forcing);
        forced.Value = path;
        return scope;
    }

    private sealed class Scope(SimdPath previous) : IDisposable
    {
        private bool disposed;

        public void Dispose()
        {
            if (disposed)
                return;
            disposed = true;
            forced.Value = previous;
            Interlocked.Decrement(ref forcing);
        }
    }
}
