using ProbML.GaussianProcesses;
using ProbML.LinearAlgebra;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>The laws of a covariance function, each over every kernel.</summary>
public sealed class KernelTests
{
    private static readonly InputColumns inputs = Inputs(9, 3, seed: 4);

    public static TheoryData<string> Kernels =>
    [
        "rbf", "rbf(ard, variance=1.5, lengthscale=0.7)", "rbf(lengthscale=[0.5, 2], dims=[2, 0])",
        "matern12(variance=0.8)", "matern32(ard)", "matern52(lengthscale=2)", "rq(alpha=0.6, ard)",
        "periodic(period=1.7, lengthscale=1.2, variance=0.9)", "linear(ard)", "linear(variance=2, dims=[1])",
        "polynomial(degree=3, offset=0.5)", "constant(variance=0.3)", "white(variance=0.2)",
        "arccosine", "arccosine(order=2, weight_variance=0.5)", "arccosine(order=0, bias_variance=2)",
        "spectral(weights=[0.7, 0.4], frequencies=[0.3, 0.1, 0.2, 0.6, 0.5, 0.4], bandwidths=[0.2, 0.3, 0.1, 0.4, 0.2, 0.5])",
        "changepoint(rbf, linear(dims=[0]), location=0.3, steepness=2, dim=1)",
        "rbf(ard) + periodic * linear + white", "(rbf + constant) * matern32(dims=[1])", "white * rbf + 2 * linear",
    ];

    [Theory, MemberData(nameof(Kernels))]
    public void Printed_and_parsed_it_is_itself(string text)
    {
        var kernel = Kernel.Parse(text);
        Assert.Equal(kernel, Kernel.Parse(kernel.ToString()));
        var shaped = kernel.ForFeatures(3);
        Assert.Equal(shaped.GetHashCode(), Kernel.Parse(text).ForFeatures(3).GetHashCode());
        Assert.Equal(shaped, Kernel.Parse(text).ForFeatures(3));
        Assert.Equal(shaped.ParameterCount, shaped.ParameterNames.Count);
        Assert.Equal(shaped.ParameterNames.Count, shaped.ParameterNames.Distinct().Count());
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Moved_and_moved_back_it_is_itself(string text)
    {
        var kernel = Kernel.Parse(text).ForFeatures(3);
        double[] free = kernel.FreeParameters(), moved = [.. free.Select((value, k) => value + 0.1 * (k + 1))];
        var other = kernel.With(moved);
        Assert.NotEqual(kernel, other);
        foreach (var (one, two) in moved.Zip(other.FreeParameters()))
            Assert.Equal(one, two, 1e-12);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Gram_matrices_are_symmetric_and_positive_semidefinite(string text)
    {
        var kernel = Kernel.Parse(text).ForFeatures(3);
        int n = inputs.Rows;
        double[] gram = Gram(kernel);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                Assert.Equal(gram[i * n + j], gram[j * n + i], 1e-13);
            double diagonal = kernel.Diagonal(Row(i)) + kernel.WhiteDiagonal(Row(i));
            Assert.Equal(diagonal, gram[i * n + i], 1e-12 * Math.Max(1, diagonal));
            gram[i * n + i] += 1e-10 * Math.Max(1, diagonal);
        }
        Assert.True(Cholesky.TryFactor(gram, n, n, out _));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Gradients_are_those_of_finite_differences(string text)
    {
        var kernel = Kernel.Parse(text).ForFeatures(3);
        int n = inputs.Rows;
        double[] weights = [.. Enumerable.Range(0, n).Select(j => Math.Sin(j + 0.5))];
        double[] free = kernel.FreeParameters(), x = Row(2);
        var gradient = new double[free.Length];
        kernel.AddGradient(new KernelRow(x, inputs, 0, n, self: 2), weights, gradient);
        var diagonal = new double[free.Length];
        kernel.AddDiagonalGradient(x, 1.5, diagonal);
        for (int k = 0; k < free.Length; k++)
        {
            double Weighted(double step) => Dot(kernel.With([.. free.Select((value, i) => value + (i == k ? step : 0))]), x, 2);
            double Alone(double step) =>
                1.5 * kernel.With([.. free.Select((value, i) => value + (i == k ? step : 0))]).Diagonal(x);
            AssertClose(Slope(Weighted), gradient[k], kernel.ParameterNames[k]);
            AssertClose(Slope(Alone), diagonal[k], $"diagonal {kernel.ParameterNames[k]}");
        }
        var byInput = new double[3];
        double[] elsewhere = [0.11, -0.37, 0.53];
        kernel.AddInputGradient(new KernelRow(elsewhere, inputs, 0, n), weights, byInput);
        for (int d = 0; d < 3; d++)
        {
            double Moved(double step) => Dot(kernel, [.. elsewhere.Select((value, i) => value + (i == d ? step : 0))], -1);
            AssertClose(Slope(Moved), byInput[d], $"input {d}");
        }

        double Dot(Kernel at, double[] from, int self)
        {
            var values = new double[n];
            at.Row(new KernelRow(from, inputs, 0, n, self), values);
            return values.Zip(weights, (value, weight) => value * weight).Sum();
        }
    }

    [Fact]
    public void A_part_of_a_row_is_the_row()
    {
        var kernel = Kernel.Parse("rbf(ard) + white").ForFeatures(3);
        var whole = new double[9];
        kernel.Row(new KernelRow(Row(5), inputs, 0, 9, self: 5), whole);
        var part = new double[4];
        kernel.Row(new KernelRow(Row(5), inputs, 3, 4, self: 5), part);
        Assert.Equal(whole[3..7], part);
    }

    [Fact]
    public void Additive_kernels_are_sums_over_groups()
    {
        var kernel = Kernel.Additive(group => new RbfKernel { Dims = group }, [0], [1, 2]);
        Assert.Equal("rbf(dims=[0]) + rbf(dims=[1, 2])", kernel.ToString());
    }

    [Fact]
    public void Equal_rows_are_not_the_same_row_to_white_noise()
    {
        var twice = InputColumns.FromRows([1, 2, 1, 2], 2);
        var values = new double[2];
        new WhiteKernel { Variance = 0.5 }.Row(new KernelRow([1, 2], twice, 0, 2, self: 0), values);
        Assert.Equal([0.5, 0], values);
        new WhiteKernel { Variance = 0.5 }.Row(new KernelRow([1, 2], twice, 0, 2), values);
        Assert.Equal([0, 0], values);
    }

    [Theory]
    [InlineData("rbff", "'rbff' is no kernel; there are rbf, matern12", 1)]
    [InlineData("rbf + ", "A kernel was expected", 7)]
    [InlineData("rbf(ard", "')' is missing at the end", 8)]
    [InlineData("rbf(lengthscale=x)", "A number was expected", 17)]
    [InlineData("rbf(width=2)", "'rbf' has no argument 'width'", 1)]
    [InlineData("rbf(lengthscale=-1)", "must be positive", 1)]
    [InlineData("linear * periodic(period=2, period=3)", "'period' is given twice", 37)]
    [InlineData("rbf rbf", "'r' was not expected", 5)]
    [InlineData("polynomial(degree=1.5)", "'degree' of 'polynomial' is a whole number", 1)]
    public void Mistakes_are_shown_where_they_are(string text, string what, int place)
    {
        string message = Assert.Throws<FormatException>(() => Kernel.Parse(text)).Message;
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.Contains($"at character {place} of the kernel", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_that_are_not_there_are_named()
    {
        var error = Assert.Throws<ArgumentException>(() => Kernel.Parse("rbf(dims=[3])").ForFeatures(3));
        Assert.Contains("looks at feature 3, but there are 3", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Kernel.Parse("rbf(lengthscale=[1, 2])").ForFeatures(3));
        Assert.Throws<ArgumentException>(() => Kernel.Parse("spectral").ForFeatures(3));
        Assert.Throws<ArgumentException>(() => Kernel.Parse("changepoint(rbf, rbf, dim=5)").ForFeatures(3));
    }

    internal static InputColumns Inputs(int rows, int features, int seed)
    {
        var random = new Random(seed);
        return InputColumns.FromRows(
            [.. Enumerable.Range(0, rows * features).Select(_ => 2 * random.NextDouble() - 1)], features);
    }

    private static double[] Row(int i)
    {
        var x = new double[inputs.Features];
        inputs.CopyRow(i, x);
        return x;
    }

    private static double[] Gram(Kernel kernel)
    {
        int n = inputs.Rows;
        var gram = new double[n * n];
        for (int i = 0; i < n; i++)
            kernel.Row(new KernelRow(Row(i), inputs, 0, n, self: i), gram.AsSpan(i * n, n));
        return gram;
    }

    /// <summary>Central differences, extrapolated once: the error is of fourth order.</summary>
    private static double Slope(Func<double, double> f)
    {
        const double H = 1e-3;
        double wide = (f(H) - f(-H)) / (2 * H), narrow = (f(H / 2) - f(-H / 2)) / H;
        return narrow + (narrow - wide) / 3;
    }

    private static void AssertClose(double expected, double found, string what) => Assert.True(
        Math.Abs(expected - found) <= 1e-8 * Math.Max(1, Math.Abs(expected)), $"{what}: {expected:R} and {found:R}");
}
