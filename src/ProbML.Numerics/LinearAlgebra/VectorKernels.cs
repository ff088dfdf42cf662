using System.Runtime.CompilerServices;

namespace ProbML.LinearAlgebra;

/// <summary>The products of vectors that matrix-vector kernels and substitutions are made of.</summary>
internal static unsafe class VectorKernels<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>x'y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(double* x, double* y, int length)
    {
        T s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i + (4 * T.Width) <= length; i += 4 * T.Width)
        {
            s0 = T.MultiplyAdd(T.Load(x + i), T.Load(y + i), s0);
            s1 = T.MultiplyAdd(T.Load(x + i + T.Width), T.Load(y + i + T.Width), s1);
            s2 = T.MultiplyAdd(T.Load(x + i + (2 * T.Width)), T.Load(y + i + (2 * T.Width)), s2);
            s3 = T.MultiplyAdd(T.Load(x + i + (3 * T.Width)), T.Load(y + i + (3 * T.Width)), s3);
        }
        for (; i + T.Width <= length; i += T.Width)
            s0 = T.MultiplyAdd(T.Load(x + i), T.Load(y + i), s0);
        double sum = T.Sum(T.Add(T.Add(s0, s1), T.Add(s2, s3)));
        for (; i < length; i++)
            sum = T.MultiplyAddOne(x[i], y[i], sum);
        return sum;
    }

    /// <summary>y += α x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(double alpha, double* x, double* y, int length)
    {
        var factors = T.Broadcast(alpha);
        int i = 0;
        for (; i + T.Width <= length; i += T.Width)
            T.Store(T.MultiplyAdd(factors, T.Load(x + i), T.Load(y + i)), y + i);
        for (; i < length; i++)
            y[i] = T.MultiplyAddOne(alpha, x[i], y[i]);
    }

    /// <summary>result_i = x_i'b for four rows at once; each row is summed as it would be alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourDots(double* x, nint stride, double* b, int length, double* result)
    {
        double* x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride;
        T s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i + T.Width <= length; i += T.Width)
        {
            T right = T.Load(b + i);
            s0 = T.MultiplyAdd(T.Load(x + i), right, s0);
            s1 = T.MultiplyAdd(T.Load(x1 + i), right, s1);
            s2 = T.MultiplyAdd(T.Load(x2 + i), right, s2);
            s3 = T.MultiplyAdd(T.Load(x3 + i), right, s3);
        }
        double r0 = T.Sum(s0), r1 = T.Sum(s1), r2 = T.Sum(s2), r3 = T.Sum(s3);
        for (; i < length; i++)
        {
            double right = b[i];
            r0 = T.MultiplyAddOne(x[i], right, r0);
            r1 = T.MultiplyAddOne(x1[i], right, r1);
            r2 = T.MultiplyAddOne(x2[i], right, r2);
            r3 = T.MultiplyAddOne(x3[i], right, r3);
        }
        result[0] = r0;
        result[1] = r1;
        result[2] = r2;
        result[3] = r3;
    }

    /// <summary>x'b, summed in the order of <see cref="FourDots"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double OneDot(double* x, double* b, int length)
    {
        T sums = default;
        int i = 0;
        for (; i + T.Width <= length; i += T.Width)
            sums = T.MultiplyAdd(T.Load(x + i), T.Load(b + i), sums);
        double sum = T.Sum(sums);
        for (; i < length; i++)
            sum = T.MultiplyAddOne(x[i], b[i], sum);
        return sum;
    }

    /// <summary>y += Σ_r v_r x_r, in the order of the rows.</summary>
    public static void AddRowsScaled(double* v, double* x, nint stride, int rows, double* y, int length)
    {
        int r = 0;
        for (; r + 4 <= rows; r += 4)
            AddFourScaled(v + r, x + (r * stride), stride, y, length);
        for (; r < rows; r++)
            AddScaled(v[r], x + (r * stride), y, length);
    }

    /// <summary>y += Σ_r v_r x_r over four rows, in order, as one at a time would.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFourScaled(double* v, double* x, nint stride, double* y, int length)
    {
        double* x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride;
        T v0 = T.Broadcast(v[0]), v1 = T.Broadcast(v[1]), v2 = T.Broadcast(v[2]), v3 = T.Broadcast(v[3]);
        int i = 0;
        for (; i + T.Width <= length; i += T.Width)
        {
            T sum = T.MultiplyAdd(v0, T.Load(x + i), T.Load(y + i));
            sum = T.MultiplyAdd(v1, T.Load(x1 + i), sum);
            sum = T.MultiplyAdd(v2, T.Load(x2 + i), sum);
            T.Store(T.MultiplyAdd(v3, T.Load(x3 + i), sum), y + i);
        }
        for (; i < length; i++)
        {
            double sum = T.MultiplyAddOne(v[0], x[i], y[i]);
            sum = T.MultiplyAddOne(v[1], x1[i], sum);
            sum = T.MultiplyAddOne(v[2], x2[i], sum);
            y[i] = T.MultiplyAddOne(v[3], x3[i], sum);
        }
    }
}
