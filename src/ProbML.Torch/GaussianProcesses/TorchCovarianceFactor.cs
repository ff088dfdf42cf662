using static TorchSharp.torch;

namespace ProbML.GaussianProcesses;

/// <summary>A Cholesky factor on a device of libtorch's.</summary>
internal sealed class TorchCovarianceFactor : CovarianceFactor
{
    private readonly TorchCovarianceMatrix matrix;
    private readonly Kernel kernel;
    private readonly Tensor factor;
    private Tensor? inverse;

    private TorchCovarianceFactor(TorchCovarianceMatrix matrix, Kernel kernel, Tensor factor, double jitter, double logDeterminant)
    {
        (this.matrix, this.kernel, this.factor) = (matrix, kernel, factor);
        (Jitter, LogDeterminant) = (jitter, logDeterminant);
    }

    public override double Jitter { get; }

    public override double LogDeterminant { get; }

    private int Rows => matrix.X.Rows;

    /// <summary>Factorises; null: not positive definite.</summary>
    public static TorchCovarianceFactor? Of(TorchCovarianceMatrix matrix, Kernel kernel, double[] noise, double jitterPart)
    {
        int n = matrix.X.Rows;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var covariance = empty(n, n, ScalarType.Float64, matrix.Inputs.Device);      // its lower half
        foreach (var (from, count) in matrix.Blocks(kernel))
        {
            using var part = NewDisposeScope();
            covariance.narrow(0, from, count).narrow(1, 0, from + count)
                .copy_(TorchKernel.Covariance(kernel, new TorchBlock(matrix.Inputs, from, count, from + count, 0)));
        }
        var diagonal = covariance.diagonal();
        diagonal.add_(matrix.Inputs.Upload(noise, n), Scalars.Of(1));
        double jitter = 0;
        if (jitterPart > 0)
        {
            jitter = jitterPart * diagonal.sum().item<double>() / n;
            using var added = Scalars.New(jitter);
            diagonal.add_(added, Scalars.Of(1));
        }
        var (lower, info) = linalg.cholesky_ex(covariance);
        if (info.item<int>() != 0)
            return null;
        double logDeterminant = 2 * lower.diagonal().log().sum().item<double>();
        return double.IsFinite(logDeterminant) ? new(matrix, kernel, lower.DetachFromDisposeScope(), jitter, logDeterminant) : null;
    }

    public override void Solve(Span<double> b)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        TorchInputs.Download(cholesky_solve(matrix.Inputs.Upload(b, Rows, 1), factor), b);
    }

    public override double[] Gradient(ReadOnlySpan<double> alpha, Span<double> inverseDiagonal)
    {
        InverseDiagonal(inverseDiagonal);
        using var scope = NewDisposeScope();
        var a = matrix.Inputs.Upload(alpha, Rows);
        return matrix.Guard(8L * Rows * Rows, () => matrix.GradientSum(kernel, (from, count) =>
        {
            int end = from + count;
            var weights = a.narrow(0, from, count).unsqueeze(1) * a.narrow(0, 0, end).unsqueeze(0);
            return weights.sub_(inverse!.narrow(0, from, count).narrow(1, 0, end)).mul_(Scalars.Of(0.5));
        }));
    }

    public override void InverseDiagonal(Span<double> values)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        inverse ??= matrix.Guard(16L * Rows * Rows, () => cholesky_inverse(factor).DetachFromDisposeScope());
        TorchInputs.Download(inverse.diagonal(), values);
    }

    public override double[] Lower()
    {
        int n = Rows, most = Math.Max(1, (1 << 24) / n);
        var lower = new double[(long)n * n];
        for (int from = 0; from < n; from += most)                   // a tensor's bytes are addressed by 32-bit numbers
        {
            int count = Math.Min(most, n - from);
            using var scope = NewDisposeScope();
            TorchInputs.Download(factor.narrow(0, from, count), lower.AsSpan(from * n, count * n));
        }
        return lower;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            factor.Dispose();
            inverse?.Dispose();
        }
        base.Dispose(disposing);
    }
}
