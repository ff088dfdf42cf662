using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>
/// R = (K + W⁻¹)⁻¹ for a diagonal W, factorised: what n normal sites of precisions W take away from the variances of a process.
/// </summary>
/// <remarks>
/// Rasmussen &amp; Williams (2006), eq. 3.26, with B = I + W^½ K W^½ over the rows of W ≥ 0. Rows of negative W (a likelihood
/// that is not log-concave) give variance back: B′ = I − |W|^½ K′ |W|^½ with K′ their covariance after the others, which is
/// positive definite where K⁻¹ + W is. So R = P Pᵀ − N Nᵀ with both factors from Cholesky's.
/// </remarks>
internal sealed partial class SiteFactor
{
    private readonly int n, threads;
    private readonly double[] kernel, root;               // K; √|W|
    private readonly int[] plus, minus;
    private readonly double[] plusFactor, minusFactor, cross;   // L of B, of B′; L⁻¹ W^½ K between the two, [plus, minus]

    private SiteFactor(
        double[] kernel, double[] root, int[] plus, int[] minus, double[] plusFactor, double[] minusFactor, double[] cross, int threads)
    {
        (this.kernel, this.root, this.plus, this.minus) = (kernel, root, plus, minus);
        (this.plusFactor, this.minusFactor, this.cross, this.threads) = (plusFactor, minusFactor, cross, threads);
        n = root.Length;
        LogDeterminant = Cholesky.LogDeterminant(plusFactor, plus.Length, plus.Length)
            + Cholesky.LogDeterminant(minusFactor, minus.Length, minus.Length);
    }

    /// <summary>ln |I + K W|.</summary>
    public double LogDeterminant { get; }

    /// <summary>Factorises; null: K⁻¹ + W is not positive definite.</summary>
    /// <param name="kernel">K, [n, n], both triangles.</param>
    /// <param name="precisions">W, [n].</param>
    /// <param name="threads">The most threads to use.</param>
    public static SiteFactor? TryCreate(double[] kernel, ReadOnlySpan<double> precisions, int threads)
    {
        int n = precisions.Length;
        var root = new double[n];
        int negative = 0;
        for (int i = 0; i < n; i++)
        {
            if (!double.IsFinite(precisions[i]))
                return null;
            root[i] = Math.Sqrt(Math.Abs(precisions[i]));
            negative += precisions[i] < 0 ? 1 : 0;
        }
        var (plus, minus) = (new int[n - negative], new int[negative]);
        for (int i = 0, p = 0, m = 0; i < n; i++)
        {
            if (precisions[i] < 0)
                minus[m++] = i;
            else
                plus[p++] = i;
        }
        double[] b = Scaled(kernel, root, plus);
        if (!Cholesky.TryFactor(b, plus.Length, plus.Length, out _, threads))
            return null;
        if (negative == 0)
            return new(kernel, root, plus, minus, b, [], [], threads);
        int rows = plus.Length;
        var cross = new double[rows * negative];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < negative; j++)
                cross[i * negative + j] = root[plus[i]] * kernel[plus[i] * n + minus[j]];
        if (rows > 0)
            TriangularSolve.Forward(b, rows, rows, cross, negative, negative, threads);
        var given = new double[negative * negative];
        if (rows > 0)
            Syrk.Accumulate(negative, rows, 1, cross, negative, transpose: true, given, negative, threads);
        for (int i = 0; i < negative; i++)
            for (int j = 0; j <= i; j++)
                given[i * negative + j] = (i == j ? 1 : 0)
                    - root[minus[i]] * root[minus[j]] * (kernel[minus[i] * n + minus[j]] - given[i * negative + j]);
        return Cholesky.TryFactor(given, negative, negative, out _, threads)
            ? new(kernel, root, plus, minus, b, given, cross, threads)
            : null;
    }

    /// <summary>R v, [n].</summary>
    public double[] Apply(ReadOnlySpan<double> v)
    {
        var (p, q) = (new double[plus.Length], new double[minus.Length]);
        for (int i = 0; i < p.Length; i++)
            p[i] = root[plus[i]] * v[plus[i]];
        if (p.Length > 0)
            TriangularSolve.Forward(plusFactor, p.Length, p.Length, p);
        if (q.Length > 0)
        {
            if (p.Length > 0)
                Gemv.AccumulateTransposed(cross, p.Length, q.Length, q.Length, p, q);
            for (int j = 0; j < q.Length; j++)
                q[j] = root[minus[j]] * (v[minus[j]] - q[j]);
            Cholesky.Solve(minusFactor, q.Length, q.Length, q);
            for (int j = 0; j < q.Length; j++)
                q[j] *= root[minus[j]];
            var back = new double[p.Length];
            Gemv.Multiply(cross, p.Length, q.Length, q.Length, q, back);
            for (int i = 0; i < p.Length; i++)
                p[i] += back[i];                          // − N Nᵀ v has − L⁻ᵀ C z on these rows, so it comes in with +
        }
        if (p.Length > 0)
            TriangularSolve.Backward(plusFactor, p.Length, p.Length, p);
        var result = new double[n];
        for (int i = 0; i < p.Length; i++)
            result[plus[i]] = root[plus[i]] * p[i];
        for (int j = 0; j < q.Length; j++)
            result[minus[j]] = -q[j];
        return result;
    }

    /// <summary>Pᵀ K and Nᵀ K of other rows' covariances with these, as columns: what is taken away, what is given back.</summary>
    /// <param name="columns">K of the n rows with m others, [n, m].</param>
    /// <param name="m">How many others.</param>
    /// <param name="taken">[plus, m].</param>
    /// <param name="given">[minus, m].</param>
    public void Project(ReadOnlySpan<double> columns, int m, out double[] taken, out double[] given)
    {
        (taken, given) = (new double[plus.Length * m], new double[minus.Length * m]);
        for (int i = 0; i < plus.Length; i++)
            TensorPrimitives.Multiply(
                columns.Slice(plus[i] * m, m), root[plus[i]], taken.AsSpan(i * m, m));
        if (plus.Length > 0)
            TriangularSolve.Forward(plusFactor, plus.Length, plus.Length, taken, m, m, threads);
        if (minus.Length == 0)
            return;
        for (int j = 0; j < minus.Length; j++)
            columns.Slice(minus[j] * m, m).CopyTo(given.AsSpan(j * m, m));
        if (plus.Length > 0)
            Gemm.Accumulate(minus.Length, m, plus.Length, -1, cross, minus.Length, true, taken, m, false, given, m, threads);
        for (int j = 0; j < minus.Length; j++)
            TensorPrimitives.Multiply(
                given.AsSpan(j * m, m), root[minus[j]], given.AsSpan(j * m, m));
        TriangularSolve.Forward(minusFactor, minus.Length, minus.Length, given, m, m, threads);
    }

    /// <summary>Subtracts diag(KᵀRK) from variances, K as in <see cref="Project"/>.</summary>
    public void Reduce(ReadOnlySpan<double> columns, int m, Span<double> variances)
    {
        Project(columns, m, out var taken, out var given);
        for (int k = 0; k < taken.Length; k += m)
            for (int i = 0; i < m; i++)
                variances[i] -= taken[k + i] * taken[k + i];
        for (int k = 0; k < given.Length; k += m)
            for (int i = 0; i < m; i++)
                variances[i] += given[k + i] * given[k + i];
    }

    /// <summary>The posterior variances of f at the rows themselves, [n].</summary>
    public double[] Variances()
    {
        var variances = new double[n];
        for (int i = 0; i < n; i++)
            variances[i] = kernel[i * n + i];
        Reduce(kernel, n, variances);
        for (int i = 0; i < n; i++)
            variances[i] = Math.Max(variances[i], 0);
        return variances;
    }

    /// <summary>B = I + W^½ K W^½ over some rows, lower triangle.</summary>
    private static double[] Scaled(double[] kernel, double[] root, int[] rows)
    {
        int n = root.Length, count = rows.Length;
        var b = new double[count * count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j <= i; j++)
                b[i * count + j] = root[rows[i]] * root[rows[j]] * kernel[rows[i] * n + rows[j]];
            b[i * count + i] += 1;
        }
        return b;
    }
}
