using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Laws of the stochastic variational bound.</summary>
public sealed class VariationalBatchTests
{
    private const double Noise = 0.2, MeanConstant = 0.15;

    private static readonly InputColumns inputs = KernelTests.Inputs(90, 2, seed: 13), inducing = KernelTests.Inputs(11, 2, seed: 14);

    private static readonly double[] response =
        [.. Enumerable.Range(0, 90).Select(i => Math.Sin(3 * inputs.Column(0)[i]) * inputs.Column(1)[i] + 0.3 * Math.Cos(57.3 * i))];

    private static readonly double[] weights = [.. Enumerable.Range(0, 90).Select(i => 1.0 + i % 2)];

    [Theory]
    [InlineData("rbf(ard, lengthscale=0.8)")]
    [InlineData("matern32 + 2 * linear")]
    public void A_natural_step_of_one_on_all_rows_is_the_optimum_of_the_collapsed_bound(string kernel)
    {
        var likelihood = new GaussianLogDensity(Noise);
        var covariance = InducingCovariance.Create(Kernel.Parse(kernel).ForFeatures(2), inducing, 1e-9, 1);
        var batch = Batch(covariance);
        var prior = VariationalNormal.Prior(11, 1);
        var q = batch.Step(likelihood, prior, 1);

        var process = new SparseProcess
        {
            Kernel = Kernel.Parse(kernel),
            InducingInputs = inducing,
            NoiseVariance = Noise,
            MeanConstant = MeanConstant,
            Jitter = 1e-9,
        };
        var collapsed = SparsePosterior.Condition(process, new MatrixDesign(inputs.ToRows(), response, weights: weights));
        Assert.Equal(collapsed.LogLikelihood, batch.Bound(likelihood, q), 1e-9);
        Assert.True(batch.Bound(likelihood, prior) < collapsed.LogLikelihood);
        var (mean, spread) = collapsed.InducingPosterior();
        for (int j = 0; j < 11; j++)
        {
            double found = 0;
            for (int k = 0; k <= j; k++)
                found += covariance.Factor[j * 11 + k] * q.Mean[k];
            Assert.Equal(mean[j], found, 1e-9);
            for (int k = 0; k < 11; k++)
                Assert.Equal(spread[j * 11 + k], Covariance(covariance.Factor, q.Covariance, j, k), 1e-9);
        }
        // From anywhere: the optimum does not depend on where the step begins.
        var elsewhere = batch.Step(likelihood, batch.Step(likelihood, prior, 0.3), 1);
        Assert.Equal(collapsed.LogLikelihood, batch.Bound(likelihood, elsewhere), 1e-9);
    }

    [Fact]
    public void Small_natural_steps_raise_the_bound()
    {
        var likelihood = new GaussianLogDensity(Noise);
        var batch = Batch(InducingCovariance.Create(Kernel.Parse("rbf").ForFeatures(2), inducing, 1e-9, 1));
        var q = VariationalNormal.Prior(11, 1);
        double bound = batch.Bound(likelihood, q);
        for (int step = 0; step < 5; step++)
        {
            q = batch.Step(likelihood, q, 0.2);
            double next = batch.Bound(likelihood, q);
            Assert.True(next > bound);
            bound = next;
        }
    }

    [Theory]
    [InlineData("rbf(ard, lengthscale=0.8)")]
    [InlineData("matern52(ard) * linear + constant")]
    public void Gradients_are_those_of_finite_differences(string text)
    {
        var kernel = Kernel.Parse(text).ForFeatures(2);
        var likelihood = new GaussianLogDensity(Noise);
        var q = Batch(InducingCovariance.Create(kernel, inducing, 1e-4, 1)).Step(likelihood, VariationalNormal.Prior(11, 1), 0.6);
        var (bound, gradient) = Batch(InducingCovariance.Create(kernel, inducing, 1e-4, 1), scale: 3).Gradient(likelihood, q);
        Assert.Equal(bound, Value(kernel, inducing, Noise, MeanConstant), 1e-10);
        double[] free = kernel.FreeParameters(), z = inducing.ToRows();
        for (int k = 0; k < free.Length; k++)
            Close(gradient.Kernel[k], step => Value(kernel.With(Moved(free, k, step)), inducing, Noise, MeanConstant), kernel.ParameterNames[k]);
        Close(gradient.Likelihood[0], step => Value(kernel, inducing, Noise * Math.Exp(step), MeanConstant), "noise");
        Close(gradient.MeanConstant, step => Value(kernel, inducing, Noise, MeanConstant + step), "mean");
        for (int k = 0; k < z.Length; k++)
            Close(gradient.Inducing[k], step => Value(kernel, InputColumns.FromRows(Moved(z, k, step), 2), Noise, MeanConstant), $"z{k}");

        double Value(Kernel at, InputColumns places, double noise, double mean) =>
            Batch(InducingCovariance.Create(at, places, 1e-4, 1), mean, 3).Bound(new GaussianLogDensity(noise), q);
    }

    [Fact]
    public void Shuffled_passes_are_permutations()
    {
        double[] rows = [.. Enumerable.Range(0, 1000).Select(i => (double)i)];
        double[] kept = [.. Enumerable.Range(0, 1000).Select(i => i % 10 == 3 ? 0.0 : 1)];
        var design = new MatrixDesign(rows, rows, weights: kept);
        foreach (int capacity in (int[])[64, 2000])
        {
            using var shuffled = new ShuffledRows(design, capacity, new Random(1));
            double[] x = new double[100], y = new double[100], w = new double[100];
            var passes = new List<double>();
            for (int batch = 0; batch < 18; batch++)
            {
                shuffled.Next(x, y, w);
                Assert.Equal(x, y);
                passes.AddRange(x);
            }
            double[] wanted = [.. rows.Where(i => i % 10 != 3)];
            Assert.Equal(wanted, passes[..900].Order());
            Assert.Equal(wanted, passes[900..].Order());
            Assert.NotEqual(passes[..900], passes[900..]);
            Assert.Equal(2, shuffled.Epoch);
        }
    }

    private static VariationalBatch Batch(InducingCovariance covariance, double mean = MeanConstant, double scale = 1) =>
        new(covariance, inputs, response, weights, mean, scale, 1);

    private static double Covariance(double[] factor, double[] s, int j, int k)
    {
        double sum = 0;
        for (int a = 0; a <= j; a++)
            for (int b = 0; b <= k; b++)
                sum += factor[j * 11 + a] * s[a * 11 + b] * factor[k * 11 + b];
        return sum;
    }

    private static double[] Moved(double[] from, int place, double step) => [.. from.Select((value, i) => value + (i == place ? step : 0))];

    private static void Close(double found, Func<double, double> at, string what)
    {
        double Slope(double h) => (at(h) - at(-h)) / (2 * h);
        double expected = (4 * Slope(5e-4) - Slope(1e-3)) / 3;
        Assert.True(Math.Abs(expected - found) <= 1e-6 * Math.Max(1, Math.Abs(expected)), $"{what}: {expected:R} and {found:R}");
    }
}
