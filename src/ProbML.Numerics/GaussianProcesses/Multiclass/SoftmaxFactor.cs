using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>(K + W⁻¹)⁻¹ = E − E S (Σ E_c)⁻¹ Sᵀ E of K classes' softmax, W = D − D S (SᵀDS)⁻¹ SᵀD, S the sum over classes.</summary>
/// <remarks>
/// Rasmussen &amp; Williams (2006), eqs. 3.45–3.47: E is block diagonal, E_c = D_c^½ (I + D_c^½ K D_c^½)⁻¹ D_c^½. The determinant is
/// |I + KW| = Π_c |I + K D_c| · |Σ E_c| / Π w, whose second factor the book's algorithm 3.3 leaves out.
/// </remarks>
internal sealed class SoftmaxFactor
{
    private readonly int n, classes, threads;
    private readonly double[] kernel;
    private readonly double[][] roots, factors, dense;    // √D_c; L of I + √D K √D; E_c
    private readonly double[] sum;                        // M of Σ E_c = M Mᵀ

    private SoftmaxFactor(
        double[] kernel, double[][] roots, double[][] factors, double[][] dense, double[] sum, double logDeterminant, int threads)
    {
        (this.kernel, this.roots, this.factors, this.dense, this.sum) = (kernel, roots, factors, dense, sum);
        (n, classes, this.threads, LogDeterminant) = (roots[0].Length, roots.Length, threads, logDeterminant);
    }

    /// <summary>ln |I + K W|.</summary>
    public double LogDeterminant { get; }

    /// <summary>√D_c, [C][n].</summary>
    public IReadOnlyList<double[]> Roots => roots;

    /// <summary>L_c of I + √D_c K √D_c = L_c L_cᵀ, [C][n, n].</summary>
    public IReadOnlyList<double[]> Factors => factors;

    /// <summary>M of Σ E_c = M Mᵀ, [n, n].</summary>
    public double[] Sum => sum;

    /// <summary>Factorises; null: a probability has vanished in rounding.</summary>
    /// <param name="kernel">K, [n, n], both triangles.</param>
    /// <param name="probabilities">π, [C, n].</param>
    /// <param name="rows">Their weights.</param>
    /// <param name="classes">C.</param>
    /// <param name="threads">The most threads to use.</param>
    public static SoftmaxFactor? TryCreate(double[] kernel, double[] probabilities, LatentRows rows, int classes, int threads)
    {
        int n = rows.Count;
        var (roots, factors, dense) = (new double[classes][], new double[classes][], new double[classes][]);
        var sum = new double[n * n];
        double determinant = 0;
        for (int c = 0; c < classes; c++)
        {
            double[] root = roots[c] = new double[n], b = factors[c] = new double[n * n], e = dense[c] = new double[n * n];
            for (int i = 0; i < n; i++)
                root[i] = Math.Sqrt(rows.Weight(i) * probabilities[c * n + i]);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j <= i; j++)
                    b[i * n + j] = root[i] * root[j] * kernel[i * n + j];
                b[i * n + i] += 1;
            }
            if (!Cholesky.TryFactor(b, n, n, out _, threads))
                return null;
            Cholesky.InvertFromFactor(b, n, n, e, n, threads);
            for (int i = 0; i < n; i++)
            {
                var row = e.AsSpan(i * n, n);
                TensorPrimitives.Multiply(row, root, row);
                TensorPrimitives.Multiply(row, root[i], row);
            }
            TensorPrimitives.Add(sum, e, sum);
            determinant += Cholesky.LogDeterminant(b, n, n);
        }
        if (!Cholesky.TryFactor(sum, n, n, out _, threads))
            return null;
        determinant += Cholesky.LogDeterminant(sum, n, n);
        for (int i = 0; i < n; i++)
            determinant -= Math.Log(rows.Weight(i));
        return new(kernel, roots, factors, dense, sum, determinant, threads);
    }

    /// <summary>(K + W⁻¹)⁻¹ v, [C, n].</summary>
    public double[] Apply(double[] v)
    {
        var (result, total) = (new double[v.Length], new double[n]);
        for (int c = 0; c < classes; c++)
        {
            var part = result.AsSpan(c * n, n);
            Gemv.Multiply(dense[c], n, n, n, v.AsSpan(c * n, n), part);
            TensorPrimitives.Add(total, part, total);
        }
        Cholesky.Solve(sum, n, n, total);
        var back = new double[n];
        for (int c = 0; c < classes; c++)
        {
            var part = result.AsSpan(c * n, n);
            Gemv.Multiply(dense[c], n, n, n, total, back);
            TensorPrimitives.Subtract(part, back, part);
        }
        return result;
    }

    /// <summary>The posterior covariances of each row's C latent values, [n][C, C].</summary>
    public double[][] Covariances()
    {
        double[][] carried = [.. dense.Select(Carried)], own = [.. Enumerable.Range(0, classes).Select(Own)];
        var result = new double[n][];
        for (int i = 0; i < n; i++)
        {
            var block = result[i] = new double[classes * classes];
            for (int c = 0; c < classes; c++)
            {
                for (int d = 0; d <= c; d++)
                    for (int k = 0; k < n; k++)
                        block[c * classes + d] += carried[c][k * n + i] * carried[d][k * n + i];
                block[c * classes + c] += own[c][i];
                for (int d = 0; d < c; d++)
                    block[d * classes + c] = block[c * classes + d];
            }
        }
        return result;

        // M⁻¹ E_c K
        double[] Carried(double[] e)
        {
            var product = new double[n * n];
            Gemm.Accumulate(n, n, n, 1, e, n, false, kernel, n, false, product, n, threads);
            TriangularSolve.Forward(sum, n, n, product, n, n, threads);
            return product;
        }

        // diag(K − K E_c K)
        double[] Own(int c)
        {
            var columns = new double[n * n];
            for (int i = 0; i < n; i++)
                TensorPrimitives.Multiply(kernel.AsSpan(i * n, n), roots[c][i], columns.AsSpan(i * n, n));
            TriangularSolve.Forward(factors[c], n, n, columns, n, n, threads);
            var variances = new double[n];
            for (int i = 0; i < n; i++)
                variances[i] = kernel[i * n + i];
            for (int k = 0; k < n; k++)
                for (int i = 0; i < n; i++)
                    variances[i] -= columns[k * n + i] * columns[k * n + i];
            return variances;
        }
    }

    /// <summary>A diagonal block, E_c − E_c (Σ E)⁻¹ E_c, [n, n].</summary>
    public double[] Block(int c)
    {
        var half = (double[])dense[c].Clone();
        TriangularSolve.Forward(sum, n, n, half, n, n, threads);
        var block = (double[])dense[c].Clone();
        Syrk.Accumulate(n, n, -1, half, n, transpose: true, block, n, threads);
        return block;                                     // of which the lower triangle is right
    }
}
