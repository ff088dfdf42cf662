using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>A Cholesky factor by the managed kernels.</summary>
internal sealed class ManagedFactor : CovarianceFactor
{
    private readonly Kernel kernel;
    private readonly InputColumns x;
    private readonly double[] factor;
    private readonly double[]? memory;
    private readonly int threads;

    private ManagedFactor(Kernel kernel, InputColumns x, double[] factor, double[]? memory, double jitter, int threads) =>
        (this.kernel, this.x, this.factor, this.memory, Jitter, this.threads) = (kernel, x, factor, memory, jitter, threads);

    public override double Jitter { get; }

    public override double LogDeterminant => Cholesky.LogDeterminant(factor, x.Rows, x.Rows);

    /// <summary>Factorises; null: not positive definite.</summary>
    /// <param name="kernel">k, for the number of features.</param>
    /// <param name="x">X, [n, d].</param>
    /// <param name="noise">The diagonal of D, [n].</param>
    /// <param name="jitterPart">The jitter over the mean diagonal.</param>
    /// <param name="factor">Memory for the factor, [n, n].</param>
    /// <param name="inverse">Memory for the inverse, [n, n]; null: it is taken when it is needed.</param>
    /// <param name="threads">The most threads.</param>
    public static ManagedFactor? Of(
        Kernel kernel, InputColumns x, ReadOnlySpan<double> noise, double jitterPart, double[] factor, double[]? inverse, int threads)
    {
        int n = x.Rows;
        GramMatrix.Lower(kernel, x, factor, threads);
        double trace = 0;
        for (int i = 0; i < n; i++)
            trace += factor[i * n + i] + noise[i];
        double jitter = jitterPart * trace / n;
        for (int i = 0; i < n; i++)
            factor[i * n + i] += noise[i] + jitter;
        return Cholesky.TryFactor(factor, n, n, out _, threads) ? new(kernel, x, factor, inverse, jitter, threads) : null;
    }

    public override void Solve(Span<double> b) => Cholesky.Solve(factor, x.Rows, x.Rows, b);

    public override double[] Gradient(ReadOnlySpan<double> alpha, Span<double> inverseDiagonal)
    {
        int n = x.Rows;
        double[] inverse = Inverse(), weights = alpha.ToArray();
        CopyDiagonal(inverse, inverseDiagonal);
        return GramMatrix.Gradient(
            kernel,
            x,
            (i, row) =>
            {
                for (int j = 0; j < row.Length; j++)
                    row[j] = 0.5 * (weights[i] * weights[j] - inverse[i * n + j]);
            },
            threads);
    }

    public override void InverseDiagonal(Span<double> values) => CopyDiagonal(Inverse(), values);

    public override double[] Lower() => factor;

    private double[] Inverse()
    {
        int n = x.Rows;
        var inverse = memory ?? new double[n * n];
        Cholesky.InvertFromFactor(factor, n, n, inverse, n, threads);
        return inverse;
    }

    private void CopyDiagonal(double[] matrix, Span<double> values)
    {
        for (int i = 0; i < x.Rows; i++)
            values[i] = matrix[i * x.Rows + i];
    }
}
