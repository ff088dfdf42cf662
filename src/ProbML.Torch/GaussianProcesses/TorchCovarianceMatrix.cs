using static TorchSharp.torch;

namespace ProbML.GaussianProcesses;

/// <summary>The covariance of inputs on a device of libtorch's.</summary>
internal sealed class TorchCovarianceMatrix(TorchCovarianceDevice options, Device device, InputColumns x) : CovarianceMatrix(x)
{
    /// <summary>K̂, its factor, and the inverse or what differentiation keeps.</summary>
    private const int MatricesAtOnce = 3;

    private readonly TorchInputs inputs = new(x, device);

    /// <summary>The inputs there.</summary>
    public TorchInputs Inputs => inputs;

    public override CovarianceFactor? Factor(Kernel kernel, ReadOnlySpan<double> noise, double jitterPart)
    {
        long bytes = 8L * MatricesAtOnce * X.Rows * X.Rows;
        if (bytes > options.MemoryLimit)
            throw TorchCovarianceDevice.TooMuch(device, bytes, X.Rows, $"MemoryLimit is {options.MemoryLimit}");
        double[] diagonal = noise.ToArray();
        return Guard(bytes, () => TorchCovarianceFactor.Of(this, kernel, diagonal, jitterPart));
    }

    public override double[] Multiply(Kernel kernel, ReadOnlySpan<double> noise, ReadOnlySpan<double> b, int columns)
    {
        Check(b.Length, columns);
        double[] right = b.ToArray(), diagonal = noise.ToArray(), product = new double[b.Length];
        return Guard(options.BlockBytes, () =>
        {
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            var vectors = inputs.Upload(right, X.Rows, columns);
            var all = vectors * inputs.Upload(diagonal, X.Rows, 1);
            foreach (var (from, count) in Blocks(kernel))
            {
                using var part = NewDisposeScope();
                var covariance = TorchKernel.Covariance(kernel, new TorchBlock(inputs, from, count, X.Rows, 0));
                all.narrow(0, from, count).add_(covariance.matmul(vectors), Scalars.Of(1));
            }
            TorchInputs.Download(all, product);
            return product;
        });
    }

    public override double[] Gradient(Kernel kernel, ReadOnlySpan<double> a, ReadOnlySpan<double> b, int columns)
    {
        Check(a.Length, columns);
        Check(b.Length, columns);
        double[] left = a.ToArray(), right = b.ToArray();
        return Guard(options.BlockBytes, () =>
        {
            using var scope = NewDisposeScope();
            Tensor one = inputs.Upload(left, X.Rows, columns), two = inputs.Upload(right, X.Rows, columns);
            return GradientSum(kernel, (from, count) =>
            {
                int end = from + count;
                var weights = one.narrow(0, from, count).matmul(two.narrow(0, 0, end).t());
                return weights.Plus(two.narrow(0, from, count).matmul(one.narrow(0, 0, end).t())).mul_(Scalars.Of(0.5));
            });
        });
    }

    /// <summary>Σᵢⱼ Wᵢⱼ ∂Kᵢⱼ/∂φ, W symmetric, from its lower half alone.</summary>
    /// <param name="kernel">k.</param>
    /// <param name="weights">Makes W of some rows, [count, from + count]: it is changed.</param>
    public double[] GradientSum(Kernel kernel, Func<int, int, Tensor> weights)
    {
        var gradient = new double[kernel.ParameterCount];
        if (gradient.Length == 0)
            return gradient;
        using var scope = NewDisposeScope();
        var sum = zeros(gradient.Length, ScalarType.Float64, device);
        foreach (var (from, count) in Blocks(kernel))
        {
            using var part = NewDisposeScope();
            var block = new TorchBlock(inputs, from, count, from + count, gradient.Length);
            var w = weights(from, count);
            if (from > 0)
                w.narrow(1, 0, from).mul_(Scalars.Of(2));             // Wᵢⱼ and Wⱼᵢ
            sum.add_(block.Gradient((TorchKernel.Covariance(kernel, block) * w).sum()), Scalars.Of(1));
        }
        TorchInputs.Download(sum, gradient);
        return gradient;
    }

    /// <summary>Runs of rows whose kernels, and all that their differentiation keeps, take about <see cref="TorchCovarianceDevice.BlockBytes"/>.</summary>
    public IEnumerable<(int From, int Count)> Blocks(Kernel kernel)
    {
        int most = (int)Math.Clamp(options.BlockBytes / (8L * X.Rows * (1 + TorchKernel.Matrices(kernel, X.Features))), 1, X.Rows);
        for (int from = 0; from < X.Rows; from += most)
            yield return (from, Math.Min(most, X.Rows - from));
    }

    /// <summary>Runs an operation, and says what to do where memory ends.</summary>
    public T Guard<T>(long bytes, Func<T> operation) => TorchCovarianceDevice.Guard(device, bytes, X.Rows, operation);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inputs.Dispose();
        base.Dispose(disposing);
    }

    private void Check(int numbers, int columns)
    {
        if (columns < 1 || numbers != (long)columns * X.Rows)
            throw new ArgumentException($"{numbers} numbers are no {columns} columns of {X.Rows} rows.", nameof(columns));
    }
}
