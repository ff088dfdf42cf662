using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <content>R and its two factors written out.</content>
internal sealed partial class SiteFactor
{
    /// <summary>R, [n, n], both triangles.</summary>
    public double[] Dense()
    {
        var result = new double[n * n];
        var inverse = new double[plus.Length * plus.Length];
        if (plus.Length > 0)
            Cholesky.InvertFromFactor(plusFactor, plus.Length, plus.Length, inverse, plus.Length, threads);
        for (int i = 0; i < plus.Length; i++)
            for (int j = 0; j < plus.Length; j++)
                result[plus[i] * n + plus[j]] = root[plus[i]] * root[plus[j]] * inverse[i * plus.Length + j];
        if (minus.Length == 0)
            return result;
        var factor = Given();
        var product = new double[n * n];
        Syrk.Accumulate(n, minus.Length, -1, factor, minus.Length, transpose: false, product, n, threads);
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
            {
                result[i * n + j] += product[i * n + j];
                result[j * n + i] = result[i * n + j];
            }
        return result;
    }

    /// <summary>R as what a posterior takes from the prior's variance, and gives back.</summary>
    public VarianceTerm[] ToTerms()
    {
        if (minus.Length > 0)
            return [VarianceTerm.Multiply(-1, Taken(), n, plus.Length), VarianceTerm.Multiply(1, Given(), n, minus.Length)];
        if (root.Min() < 1e-60)
            return [VarianceTerm.Multiply(-1, Taken(), n, n)];
        var scaled = new double[n * n];                   // L⁻¹ W^½ k = (W^−½ L)⁻¹ k
        for (int i = 0; i < n; i++)
            TensorPrimitives.Divide(
                plusFactor.AsSpan(i * n, i + 1), root[i], scaled.AsSpan(i * n, i + 1));
        return [VarianceTerm.Solve(-1, scaled, n)];
    }

    /// <summary>P, [n, plus]: R = P Pᵀ − N Nᵀ.</summary>
    public double[] Taken()
    {
        int count = plus.Length;
        var inverse = new double[count * count];
        for (int i = 0; i < count; i++)
            inverse[i * count + i] = 1;
        if (count > 0)
            TriangularSolve.Backward(plusFactor, count, count, inverse, count, count, threads);   // L⁻ᵀ
        var result = new double[n * count];
        for (int i = 0; i < count; i++)
            TensorPrimitives.Multiply(
                inverse.AsSpan(i * count, count), root[plus[i]], result.AsSpan(plus[i] * count, count));
        return result;
    }

    /// <summary>N, [n, minus].</summary>
    public double[] Given()
    {
        int count = minus.Length, rows = plus.Length;
        var z = new double[count * count];                // |W|^½ L′⁻ᵀ
        for (int j = 0; j < count; j++)
            z[j * count + j] = 1;
        if (count > 0)
            TriangularSolve.Backward(minusFactor, count, count, z, count, count, threads);
        var result = new double[n * count];
        for (int j = 0; j < count; j++)
        {
            var row = z.AsSpan(j * count, count);
            TensorPrimitives.Multiply(row, root[minus[j]], row);
            row.CopyTo(result.AsSpan(minus[j] * count, count));
        }
        var others = new double[rows * count];
        if (rows > 0 && count > 0)
        {
            Gemm.Accumulate(rows, count, count, -1, cross, count, false, z, count, false, others, count, threads);
            TriangularSolve.Backward(plusFactor, rows, rows, others, count, count, threads);
        }
        for (int i = 0; i < rows; i++)
            TensorPrimitives.Multiply(
                others.AsSpan(i * count, count), root[plus[i]], result.AsSpan(plus[i] * count, count));
        return result;
    }
}
