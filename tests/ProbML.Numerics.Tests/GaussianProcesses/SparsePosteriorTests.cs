using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Laws of the sparse posterior: derivatives, weights, threads.</summary>
public sealed class SparsePosteriorTests
{
    private static readonly double[] features = KernelTests.Inputs(700, 2, seed: 3).ToRows();

    private static readonly double[] response =
        [.. Enumerable.Range(0, 700).Select(i => Math.Sin(3 * features[2 * i]) + features[2 * i + 1] + 0.2 * Math.Cos(91.7 * i))];

    private static readonly double[] weights = [.. Enumerable.Range(0, 700).Select(i => 0.5 + i % 3)];

    [Theory]
    [InlineData("rbf(ard)", SparseApproximation.Variational)]
    [InlineData("matern52(ard, variance=0.7) + linear(dims=[1])", SparseApproximation.Variational)]
    [InlineData("rbf(ard) + white(variance=0.1)", SparseApproximation.Variational)]
    [InlineData("rbf(lengthscale=0.6)", SparseApproximation.Fitc)]
    [InlineData("matern32(ard) + white(variance=0.1) * linear", SparseApproximation.Fitc)]
    public void Gradients_are_those_of_finite_differences(string kernel, SparseApproximation approximation)
    {
        var rows = new MatrixDesign(features[..240], response[..120], weights: weights[..120]);
        var process = new SparseProcess
        {
            Kernel = Kernel.Parse(kernel).ForFeatures(2),
            InducingInputs = KernelTests.Inputs(9, 2, seed: 8),
            NoiseVariance = 0.3,
            MeanConstant = 0.1,
            Jitter = 1e-4,
            Approximation = approximation,
        };
        var gradient = SparsePosterior.Condition(process, rows).Gradient(rows);
        double[] free = process.Kernel.FreeParameters(), z = process.InducingInputs.ToRows();
        for (int k = 0; k < free.Length; k++)
            Close(
                gradient.Kernel[k],
                step => process with { Kernel = process.Kernel.With(Moved(free, k, step)) },
                process.Kernel.ParameterNames[k]);
        Close(gradient.LogNoiseVariance, step => process with { NoiseVariance = 0.3 * Math.Exp(step) }, "noise");
        Close(gradient.MeanConstant, step => process with { MeanConstant = 0.1 + step }, "mean");
        for (int k = 0; k < z.Length; k++)
            Close(gradient.InducingInputs[k], step => process with { InducingInputs = InputColumns.FromRows(Moved(z, k, step), 2) }, $"z{k}");

        void Close(double found, Func<double, SparseProcess> at, string what)
        {
            double Slope(double h) => (Value(at(h)) - Value(at(-h))) / (2 * h);
            double Value(SparseProcess moved) => SparsePosterior.Condition(moved, rows).LogLikelihood;
            double expected = (4 * Slope(5e-4) - Slope(1e-3)) / 3;
            Assert.True(Math.Abs(expected - found) <= 2e-7 * Math.Max(1, Math.Abs(expected)), $"{what}: {expected:R} and {found:R}");
        }
    }

    [Fact]
    public void A_weight_of_three_is_three_rows_but_for_the_determinant_of_the_noise()
    {
        var process = Process(12);
        double[] thrice = [.. Enumerable.Range(0, 40).SelectMany(i => Enumerable.Repeat(features[(2 * i)..(2 * i + 2)], 3)).SelectMany(x => x)];
        double[] threeResponses = [.. Enumerable.Range(0, 40).SelectMany(i => Enumerable.Repeat(response[i], 3))];
        var repeated = SparsePosterior.Condition(process, new MatrixDesign(thrice, threeResponses));
        var weighted = SparsePosterior.Condition(
            process, new MatrixDesign(features[..80], response[..40], weights: [.. Enumerable.Repeat(3.0, 40)]));
        // N(ȳ | f, σ²/3) stands for three equal rows, up to their own normalisation.
        double missing = 40 * (-Math.Log(2 * Math.PI * 0.3) - 0.5 * Math.Log(3));
        Assert.Equal(repeated.LogLikelihood, weighted.LogLikelihood + missing, 1e-9);
        foreach (var (one, two) in repeated.InducingPosterior().Mean.Zip(weighted.InducingPosterior().Mean))
            Assert.Equal(one, two, 1e-10);
    }

    [Fact]
    public void Weight_zero_is_no_row()
    {
        var process = Process(12);
        double[] some = [.. Enumerable.Range(0, 700).Select(i => i < 300 ? 1.0 : 0)];
        var all = new MatrixDesign(features, response, weights: some);
        var few = new MatrixDesign(features[..600], response[..300]);
        var (one, two) = (SparsePosterior.Condition(process, all), SparsePosterior.Condition(process, few));
        Assert.Equal(300, one.Rows);
        Assert.Equal(two.LogLikelihood, one.LogLikelihood, 1e-10);
        foreach (var (a, b) in two.Gradient(few).InducingInputs.Zip(one.Gradient(all).InducingInputs))
            Assert.Equal(a, b, 1e-8);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        double[] many = [.. Enumerable.Range(0, 30).SelectMany(_ => features)];
        var rows = new MatrixDesign(many, [.. Enumerable.Range(0, 30).SelectMany(_ => response)]);
        var process = Process(20);
        var one = SparsePosterior.Condition(process, rows, threads: 1);
        var four = SparsePosterior.Condition(process, rows, threads: 4);
        Assert.Equal(one.LogLikelihood, four.LogLikelihood);
        Assert.Equal(one.Gradient(rows).InducingInputs, four.Gradient(rows).InducingInputs);
    }

    [Fact]
    public void Mistakes_are_told()
    {
        Assert.Contains("above zero", Assert.Throws<ArgumentOutOfRangeException>(() => Process(3) with { NoiseVariance = 0 }).Message, StringComparison.Ordinal);
        var rows = new MatrixDesign(features, response);
        var twice = Process(3) with { InducingInputs = InputColumns.FromRows([0.1, 0.2, 0.1, 0.2], 2) };
        Assert.Contains("inducing inputs repeat", Assert.Throws<InvalidOperationException>(() => SparsePosterior.Condition(twice, rows)).Message, StringComparison.Ordinal);
        Assert.True(double.IsFinite(SparsePosterior.Condition(twice with { Jitter = 1e-8 }, rows).LogLikelihood));
        Assert.Throws<ArgumentException>(() => SparsePosterior.Condition(Process(3) with { InducingInputs = KernelTests.Inputs(4, 3, 1) }, rows));
    }

    private static SparseProcess Process(int inducing) => new()
    {
        Kernel = Kernel.Parse("matern52(ard)"),
        InducingInputs = KernelTests.Inputs(inducing, 2, seed: 8),
        NoiseVariance = 0.3,
    };

    private static double[] Moved(double[] from, int place, double step) => [.. from.Select((value, i) => value + (i == place ? step : 0))];
}
