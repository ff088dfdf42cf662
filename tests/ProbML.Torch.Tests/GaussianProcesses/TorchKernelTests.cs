using ProbML.GaussianProcesses;
using static ProbML.Torch.Tests.GaussianProcesses.DeviceCases;

namespace ProbML.Torch.Tests.GaussianProcesses;

/// <summary>Every kernel on a device is the managed one: values, products, likelihood, gradients.</summary>
public sealed class TorchKernelTests
{
    private static readonly InputColumns x = Inputs();
    private static readonly double[] y = Response(x);

    public static TheoryData<string> Cases => [.. Kernels];

    [Fact]
    public void Every_kind_of_kernel_is_among_the_cases()
    {
        var kinds = typeof(Kernel).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Kernel)) && !type.IsAbstract).ToHashSet();
        kinds.ExceptWith(Kernels.SelectMany(text => All(Kernel.Parse(text))).Select(kernel => kernel.GetType()));
        Assert.Empty(kinds);
        foreach (var smoothness in Enum.GetValues<MaternSmoothness>())
            Assert.Contains(Kernels, text => Kernel.Parse(text) is MaternKernel one && one.Smoothness == smoothness);

        static IEnumerable<Kernel> All(Kernel kernel) => kernel switch
        {
            CompositeKernel parts => [kernel, .. parts.Parts.SelectMany(All)],
            ChangePointKernel both => [kernel, .. All(both.Before), .. All(both.After)],
            _ => [kernel],
        };
    }

    [Theory, MemberData(nameof(Cases))]
    public void Products_are_those_of_the_matrix(string text)
    {
        const int Columns = 3;
        var kernel = Shaped(text);
        double[] gram = Gram(kernel, x), noise = Numbers(Rows, 1), b = Numbers(Rows * Columns, 2), expected = new double[b.Length];
        for (int i = 0; i < Rows; i++)
            for (int c = 0; c < Columns; c++)
            {
                expected[i * Columns + c] = noise[i] * b[i * Columns + c];
                for (int j = 0; j < Rows; j++)
                    expected[i * Columns + c] += gram[i * Rows + j] * b[j * Columns + c];
            }
        using var matrix = Device(kernel).Open(x);
        Near(expected, matrix.Multiply(kernel, noise, b, Columns), 1e-13, text);
        double[] identity = new double[Rows * Rows];
        for (int i = 0; i < Rows; i++)
            identity[i * Rows + i] = 1;
        Near(gram, matrix.Multiply(kernel, new double[Rows], identity, Rows), 1e-14, text);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Bilinear_gradients_are_those_of_the_managed_kernel(string text)
    {
        const int Columns = 2;
        var kernel = Shaped(text);
        double[] a = Numbers(Rows * Columns, 4), b = Numbers(Rows * Columns, 5), expected = new double[kernel.ParameterCount];
        double[] own = new double[4], weights = new double[Rows];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Rows; j++)
                weights[j] = a[i * Columns] * b[j * Columns] + a[i * Columns + 1] * b[j * Columns + 1];
            x.CopyRow(i, own);
            kernel.AddGradient(new KernelRow(own, x, 0, Rows, self: i), weights, expected);
        }
        using var matrix = Device(kernel).Open(x);
        Near(expected, matrix.Gradient(kernel, a, b, Columns), 1e-10, text);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Likelihood_and_gradient_are_those_of_the_managed_posterior(string text)
    {
        const double Noise = 0.3;
        var kernel = Shaped(text);
        var posterior = ExactPosterior.Condition(kernel, Noise, x, y);
        var gradient = posterior.Gradient();
        var noise = Enumerable.Repeat(Noise, Rows).ToArray();
        using var matrix = Device(kernel).Open(x);
        using var factor = matrix.Factor(kernel, noise, 0)!;
        Assert.Equal(0, factor.Jitter);
        Near([-2 * posterior.HalfLogDeterminant], [factor.LogDeterminant], 1e-11, text);
        double[] alpha = [.. y], diagonal = new double[Rows];
        factor.Solve(alpha);
        Near([.. posterior.ToLatent().Weights], alpha, 1e-10, text);
        Near([.. gradient.Kernel], factor.Gradient(alpha, diagonal), 1e-10, text);
        Near([2 * gradient.LogNoiseVariance], [Noise * alpha.Zip(diagonal, (one, two) => one * one - two).Sum()], 1e-10, text);
        var (_, variance, _) = posterior.LeaveOneOut();
        Near(variance, [.. diagonal.Select(value => 1 / value)], 1e-10, text);
        double[] lower = factor.Lower(), gram = Gram(kernel, x);
        for (int i = 0; i < Rows; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k <= j; k++)
                    sum += lower[i * Rows + k] * lower[j * Rows + k];
                Assert.Equal(gram[i * Rows + j] + (i == j ? Noise : 0), sum, 1e-11);
            }
    }

    [Fact]
    public void An_input_that_names_no_output_has_no_covariance()
    {
        var inputs = InputColumns.FromRows([0, 5, 1], 1);
        var kernel = Kernel.Parse("coregion(outputs=2)").ForFeatures(1);
        using var matrix = new TorchCovarianceDevice { Device = TrainingDevice.Cpu }.Open(inputs);
        double[] product = matrix.Multiply(kernel, [1, 1, 1], [1, 1, 1], 1);
        Assert.All(product, value => Assert.True(double.IsNaN(value)));
        Assert.Null(matrix.Factor(kernel, [1, 1, 1], 0));
    }
}
