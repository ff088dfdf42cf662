using System.Runtime.InteropServices;
using ProbML.LinearAlgebra;

namespace ProbML.Numerics.Tests.LinearAlgebra;

/// <summary>What the kernels are held to: plain loops, and the inputs to run both on.</summary>
internal static class Reference
{
    public const double Tolerance = 1e-13;

    /// <summary>The paths that every law is checked on; what the hardware lacks is computed without it.</summary>
    public static readonly SimdPath[] Paths = [SimdPath.Vector512, SimdPath.Vector256, SimdPath.Scalar];

    /// <summary>Sizes around the edges of tiles (4, 8), panels (3, 12, 24) and blocks (64, 128).</summary>
    public static readonly int[] Sizes = [.. Enumerable.Range(1, 40), 63, 64, 65, 66, 127, 128, 129, 130];

    /// <summary>Numbers uniform on [−1, 1): a matrix [rows, stride] whose memory ends at its last column.</summary>
    public static double[] Matrix(Random random, int rows, int columns, int stride)
    {
        var matrix = new double[((rows - 1) * stride) + columns];
        foreach (ref double value in matrix.AsSpan())
            value = (2 * random.NextDouble()) - 1;
        for (int i = 0; i < rows - 1; i++)
            matrix.AsSpan((i * stride) + columns, stride - columns).Fill(double.NaN);      // never to be used
        return matrix;
    }

    public static double[] Vector(Random random, int length) => Matrix(random, 1, length, length);

    /// <summary>M M' / n + I: well conditioned; above the diagonal NaN, which no kernel may read.</summary>
    public static double[] PositiveDefinite(Random random, int n, int stride)
    {
        var m = Vector(random, n * n);
        var a = Matrix(random, n, n, stride);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double dot = 0;
                for (int k = 0; k < n; k++)
                    dot += m[(i * n) + k] * m[(j * n) + k];
                a[(i * stride) + j] = j > i ? double.NaN : (dot / n) + (i == j ? 1 : 0);
            }
        }
        return a;
    }

    /// <summary>|actual − expected| ≤ tolerance · scale, where scale bounds the sum of the terms' magnitudes.</summary>
    public static void Close(double expected, double actual, double scale, string what)
    {
        if (!(Math.Abs(actual - expected) <= Tolerance * Math.Max(scale, 1)))
            Assert.Fail($"{what}: expected {expected:r}, found {actual:r}, scale {scale:r}");
    }

    /// <summary>The same bits, NaN included.</summary>
    public static void Same(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, string what)
    {
        if (!MemoryMarshal.Cast<double, long>(expected).SequenceEqual(MemoryMarshal.Cast<double, long>(actual)))
            Assert.Fail($"{what}: not the same to the bit");
    }
}
