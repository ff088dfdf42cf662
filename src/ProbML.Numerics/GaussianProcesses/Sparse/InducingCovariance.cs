using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>K_mm = L Lᵀ of the inducing inputs, and the way back from its derivatives to kernel and inputs.</summary>
internal sealed class InducingCovariance
{
    private readonly double relativeJitter;
    private readonly int threads;

    private InducingCovariance(Kernel kernel, InputColumns z, double[] factor, double relativeJitter, int threads) =>
        (Kernel, Inputs, Factor, this.relativeJitter, this.threads) = (kernel, z, factor, relativeJitter, threads);

    /// <summary>k, for the number of features.</summary>
    public Kernel Kernel { get; }

    /// <summary>Z, [m, d].</summary>
    public InputColumns Inputs { get; }

    /// <summary>L, [m, m], zero above the diagonal.</summary>
    public double[] Factor { get; }

    /// <summary>m.</summary>
    public int Count => Inputs.Rows;

    /// <summary>K_mm, or null where it cannot be factorised.</summary>
    /// <param name="kernel">k, for the number of features.</param>
    /// <param name="z">Z.</param>
    /// <param name="relativeJitter">What is added to the diagonal, as a part of its mean.</param>
    /// <param name="threads">The most threads to use.</param>
    public static InducingCovariance? TryCreate(Kernel kernel, InputColumns z, double relativeJitter, int threads)
    {
        int m = z.Rows;
        var factor = new double[m * m];
        GramMatrix.Cross(kernel, z, z, factor, threads);
        double trace = 0;
        for (int j = 0; j < m; j++)
            trace += factor[j * m + j];
        for (int j = 0; j < m; j++)
        {
            factor[j * m + j] += relativeJitter * trace / m;
            factor.AsSpan(j * m + j + 1, m - j - 1).Clear();
        }
        return double.IsFinite(trace) && Cholesky.TryFactor(factor, m, m, out _, threads)
            ? new(kernel, z, factor, relativeJitter, threads)
            : null;
    }

    /// <summary>As <see cref="TryCreate"/>.</summary>
    /// <exception cref="InvalidOperationException">It cannot be factorised.</exception>
    public static InducingCovariance Create(Kernel kernel, InputColumns z, double relativeJitter, int threads) =>
        TryCreate(kernel, z, relativeJitter, threads) ?? throw new InvalidOperationException(
            $"The covariance of {z.Rows} inducing inputs under {kernel} with jitter {relativeJitter:G3} is not positive definite to "
            + "double precision: inducing inputs repeat, or lengthscales are far too long. Take fewer inducing inputs, or add jitter.");

    /// <summary>B ← L⁻¹ B, [m, columns].</summary>
    public void Whiten(Span<double> b, int columns, int most = 1) =>
        TriangularSolve.Forward(Factor, Count, Count, b, columns, columns, most);

    /// <summary>B ← L⁻ᵀ B, [m, columns].</summary>
    public void BackSubstitute(Span<double> b, int columns, int most = 1) =>
        TriangularSolve.Backward(Factor, Count, Count, b, columns, columns, most);

    /// <summary>L⁻ᵀ M L⁻¹ of a symmetric M, in place, both triangles, [m, m].</summary>
    public void Enclose(double[] matrix)
    {
        BackSubstitute(matrix, Count, threads);
        Transpose(matrix);
        BackSubstitute(matrix, Count, threads);
        for (int j = 0; j < Count; j++)
            for (int k = 0; k < j; k++)
                matrix[j * Count + k] = matrix[k * Count + j] = 0.5 * (matrix[j * Count + k] + matrix[k * Count + j]);
    }

    /// <summary>The posterior of f where q(L⁻¹ u) has the precision F Fᵀ: variance k(x, x) − |L⁻¹ k|² + |(L F)⁻¹ k|².</summary>
    /// <param name="weights">α, [m].</param>
    /// <param name="precisionFactor">F, the lower triangle of [m, m].</param>
    /// <param name="meanConstant">m.</param>
    public LatentPosterior Posterior(double[] weights, double[] precisionFactor, double meanConstant)
    {
        int m = Count;
        double[] lower = [.. precisionFactor], product = new double[m * m];
        for (int j = 0; j < m; j++)
            lower.AsSpan(j * m + j + 1, m - j - 1).Clear();
        Gemm.Accumulate(m, m, m, 1, Factor, m, false, lower, m, false, product, m, threads);
        return new(Kernel, Inputs, weights, meanConstant, VarianceTerm.Solve(-1, Factor, m), VarianceTerm.Solve(1, product, m));
    }

    /// <summary>Adds Σ Gⱼₗ ∂K_mm,jₗ: by the kernel's parameters and by Z.</summary>
    /// <param name="weights">G, [m, m], symmetric; its diagonal is changed.</param>
    /// <param name="kernelGradient">[parameters].</param>
    /// <param name="inputGradient">[m, d].</param>
    public void AddGradient(double[] weights, double[] kernelGradient, double[] inputGradient)
    {
        int m = Count;
        double trace = 0;
        for (int j = 0; j < m; j++)
            trace += weights[j * m + j];
        for (int j = 0; j < m; j++)
            weights[j * m + j] += relativeJitter * trace / m;      // the jitter moves with the diagonal
        AddCross(Inputs, weights, 1, 2, kernelGradient, inputGradient);
    }

    /// <summary>Adds Σ Hⱼᵢ ∂k(zⱼ, xᵢ): by the kernel's parameters, and by Z.</summary>
    /// <param name="x">The inputs x, [b, d].</param>
    /// <param name="weights">H, [m, b].</param>
    /// <param name="most">The most threads to use.</param>
    /// <param name="scale">What the derivative by Z is multiplied by.</param>
    /// <param name="kernelGradient">[parameters].</param>
    /// <param name="inputGradient">[m, d].</param>
    public void AddCross(
        InputColumns x, double[] weights, int most, double scale, double[] kernelGradient, double[] inputGradient)
    {
        int b = x.Rows, d = Inputs.Features, count = kernelGradient.Length;
        var parts = new double[Count * (count + d)];
        Threads.For((double)Count * b * (d + 8) * 4, most, Count, j =>
        {
            Span<double> z = parts.AsSpan(j * (count + d) + count, d), own = stackalloc double[d];
            Inputs.CopyRow(j, own);
            var row = new KernelRow(own, x, 0, b);
            var w = weights.AsSpan(j * b, b);
            Kernel.AddGradient(row, w, parts.AsSpan(j * (count + d), count));
            Kernel.AddInputGradient(row, w, z);
        });
        for (int j = 0; j < Count; j++)
        {
            for (int k = 0; k < count; k++)
                kernelGradient[k] += parts[j * (count + d) + k];
            for (int k = 0; k < d; k++)
                inputGradient[j * d + k] += scale * parts[j * (count + d) + count + k];
        }
    }

    private void Transpose(double[] matrix)
    {
        for (int j = 0; j < Count; j++)
            for (int k = 0; k < j; k++)
                (matrix[j * Count + k], matrix[k * Count + j]) = (matrix[k * Count + j], matrix[j * Count + k]);
    }
}
