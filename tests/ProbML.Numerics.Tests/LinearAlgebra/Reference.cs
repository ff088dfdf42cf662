using System.Numerics.Tensors;
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

    /// <summary>Diagonally dominant; above the diagonal NaN, which no kernel may read.</summary>
    public static double[] PositiveDefinite(Random random, int n, int stride)
    {
        var a = Matrix(random, n, n, stride);
        for (int i = 0; i < n; i++)
        {
            a.AsSpan((i * stride) + i + 1, n - i - 1).Fill(double.NaN);
            for (int j = 0; j < i; j++)
                a[(i * stride) + j] /= n;
            a[(i * stride) + i] += 3;
        }
        return a;
    }

    /// <summary>The lower triangle of a matrix and its mirror image, [n, n].</summary>
    public static double[] Mirrored(double[] lower, int n, int stride)
    {
        var full = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
                full[(i * n) + j] = full[(j * n) + i] = lower[(i * stride) + j];
        }
        return full;
    }

    /// <summary>op(A) op(B), [m, n], a row of op(B) at a time.</summary>
    public static double[] Product(
        int m, int n, int k, double[] a, int lda, bool transposeA, double[] b, int ldb, bool transposeB)
    {
        var c = new double[m * n];
        var row = new double[n];
        for (int l = 0; l < k; l++)
        {
            for (int j = 0; j < n; j++)
                row[j] = transposeB ? b[(j * ldb) + l] : b[(l * ldb) + j];
            for (int i = 0; i < m; i++)
                AddScaled(transposeA ? a[(l * lda) + i] : a[(i * lda) + l], row, c.AsSpan(i * n, n));
        }
        return c;
    }

    /// <summary>y += α x.</summary>
    public static void AddScaled(double alpha, ReadOnlySpan<double> x, Span<double> y) =>
        TensorPrimitives.MultiplyAdd(x, alpha, y, y);

    /// <summary>max |actual − expected| over a matrix, or its lower triangle, is at most tolerance · scale.</summary>
    /// <param name="scale">What bounds the sum of the magnitudes of an element's terms.</param>
    public static void Close(
        double[] expected, double[] actual, int rows, int columns, int stride, double scale, string what,
        bool lowerOnly = false)
    {
        double worst = 0;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < (lowerOnly ? i + 1 : columns); j++)
                worst = Math.Max(worst, Math.Abs(expected[(i * columns) + j] - actual[(i * stride) + j]));
        }
        Assert.True(worst <= Tolerance * Math.Max(scale, 1), $"{what}: off by {worst:r}");       // false for NaN too
    }

    /// <summary>The same bits, NaN included.</summary>
    public static void Same(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, string what)
    {
        if (!MemoryMarshal.Cast<double, long>(expected).SequenceEqual(MemoryMarshal.Cast<double, long>(actual)))
            Assert.Fail($"{what}: not the same to the bit");
    }
}
