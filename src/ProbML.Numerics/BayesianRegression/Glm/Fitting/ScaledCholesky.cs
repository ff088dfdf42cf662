using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>A Cholesky factor of a matrix scaled to unit diagonal, so that units do not matter.</summary>
internal sealed class ScaledCholesky
{
    private readonly double[] factor, scale;
    private readonly int n;

    private ScaledCholesky(double[] factor, double[] scale) => (this.factor, this.scale, n) = (factor, scale, scale.Length);

    /// <summary>ln |A|.</summary>
    public double LogDeterminant => Cholesky.LogDeterminant(factor, n, n) - 2 * scale.Sum(Math.Log);

    /// <summary>The factor of A + shift · diag(|A|), or null where that is not positive definite beyond rounding.</summary>
    public static ScaledCholesky? Of(double[] a, int n, double shift = 0)
    {
        double[] factor = [.. a], scale = new double[n];
        for (int i = 0; i < n; i++)
        {
            double diagonal = Math.Abs(a[i * n + i]);
            if (!(diagonal > 0) || shift == 0 && a[i * n + i] <= 0)
            {
                if (shift == 0)
                    return null;
                diagonal = 1;
            }
            scale[i] = 1 / Math.Sqrt(diagonal);
        }
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                factor[i * n + j] *= scale[i] * scale[j];
            factor[i * n + i] += shift;
        }
        if (!Cholesky.TryFactor(factor, n, n, out _))
            return null;
        for (int i = 0; i < n; i++)
        {
            if (!(factor[i * n + i] > 1e-7))
                return null;
        }
        return new(factor, scale);
    }

    public double[] Solve(ReadOnlySpan<double> right)
    {
        double[] x = [.. right];
        System.Numerics.Tensors.TensorPrimitives.Multiply(x, scale, x);
        Cholesky.Solve(factor, n, n, x);
        System.Numerics.Tensors.TensorPrimitives.Multiply(x, scale, x);
        return x;
    }

    public double[] Inverse()
    {
        var inverse = new double[n * n];
        Cholesky.InvertFromFactor(factor, n, n, inverse, n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                inverse[i * n + j] *= scale[i] * scale[j];
        }
        return inverse;
    }
}
