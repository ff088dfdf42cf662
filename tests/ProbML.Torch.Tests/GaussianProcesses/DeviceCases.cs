using ProbML.GaussianProcesses;

namespace ProbML.Torch.Tests.GaussianProcesses;

/// <summary>Kernels, inputs and a device: the CPU, in blocks of few rows.</summary>
internal static class DeviceCases
{
    public const int Rows = 60;

    public static readonly string[] Kernels =
    [
        "rbf", "rbf(ard, variance=1.5, lengthscale=0.7)", "rbf(lengthscale=[0.5, 2], dims=[2, 0])",
        "matern12(variance=0.8, ard)", "matern32(ard)", "matern52(lengthscale=2)", "rq(alpha=0.6, ard)", "rq(dims=[1], alpha=3)",
        "periodic(period=1.7, lengthscale=1.2, variance=0.9)", "periodic(dims=[1])", "linear(ard)", "linear(variance=2, dims=[1])",
        "polynomial(degree=3, offset=0.5)", "polynomial(degree=1, dims=[2, 1])", "constant(variance=0.3)", "white(variance=0.2)",
        "arccosine", "arccosine(order=2, weight_variance=0.5, dims=[0, 2])", "arccosine(order=0, bias_variance=2)",
        "spectral(weights=[0.7, 0.4], frequencies=[0.3, 0.1, 0.2, 0.6, 0.5, 0.4], bandwidths=[0.2, 0.3, 0.1, 0.4, 0.2, 0.5], dims=[0, 1, 2])",
        "changepoint(rbf, linear(dims=[0]) + white, location=0.3, steepness=2, dim=1)",
        "coregion(outputs=3, rank=2, dim=3)", "coregion(outputs=3, rank=0, dim=3) * white + rbf(dims=[0, 1]) * coregion(outputs=3, dim=3)",
        "rbf(ard) + periodic * linear + white", "(rbf + constant) * matern32(dims=[1])", "white * rbf + 2 * linear",
    ];

    /// <summary>Three features, and one that names an output; two rows are alike.</summary>
    public static InputColumns Inputs()
    {
        var random = new Random(3);
        var rows = new double[Rows * 4];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < 3; j++)
                rows[i * 4 + j] = 3 * random.NextDouble() - 1.5;
            rows[i * 4 + 3] = i % 3;
        }
        rows.AsSpan(4 * 7, 4).CopyTo(rows.AsSpan(4 * 40));
        return InputColumns.FromRows(rows, 4);
    }

    public static double[] Response(InputColumns x) =>
        [.. Enumerable.Range(0, x.Rows).Select(i => Math.Sin(3 * x.Column(0)[i]) + x.Column(1)[i] + 0.3 * Math.Cos(17.0 * i))];

    /// <summary>Spectral mixtures have a frequency a feature, so that the feature with the names is left to those that look for it.</summary>
    public static Kernel Shaped(string text) => Kernel.Parse(text).ForFeatures(4);

    /// <summary>Blocks of some five rows.</summary>
    public static TorchCovarianceDevice Device(Kernel kernel) => new()
    {
        Device = TrainingDevice.Cpu, BlockBytes = 5 * 8 * Rows * (1 + TorchKernel.Matrices(kernel, 4)),
    };

    /// <summary>K, [n, n], by the managed code.</summary>
    public static double[] Gram(Kernel kernel, InputColumns x)
    {
        int n = x.Rows;
        var gram = new double[n * n];
        var own = new double[x.Features];
        for (int i = 0; i < n; i++)
        {
            x.CopyRow(i, own);
            kernel.Row(new KernelRow(own, x, 0, n, self: i), gram.AsSpan(i * n, n));
        }
        return gram;
    }

    public static void Near(ReadOnlySpan<double> expected, ReadOnlySpan<double> found, double tolerance, string what = "")
    {
        Assert.Equal(expected.Length, found.Length);
        double largest = 1e-300;
        foreach (double value in expected)
            largest = Math.Max(largest, Math.Abs(value));
        for (int k = 0; k < expected.Length; k++)
            Assert.True(Math.Abs(expected[k] - found[k]) <= tolerance * largest, $"{what} {k}: {expected[k]:R} and {found[k]:R}");
    }

    /// <summary>As the larger of what is added up allows: derivatives near zero are sums of larger terms.</summary>
    public static double[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
    }
}
