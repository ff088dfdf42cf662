using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Conjugate gradients against the Cholesky factor they stand in for.</summary>
public sealed class ConjugateGradientTests
{
    private const int N = 150;
    private const double Noise = 0.1, MeanConstant = 0.2;

    private static readonly InputColumns inputs = KernelTests.Inputs(N, 2, seed: 23), others = KernelTests.Inputs(40, 2, seed: 24);

    private static readonly double[] response =
        [.. Enumerable.Range(0, N).Select(i => Math.Sin(4 * inputs.Column(0)[i]) + inputs.Column(1)[i] + 0.3 * Math.Cos(57.3 * i))];

    public static TheoryData<string> Kernels => ["rbf(ard, lengthscale=0.5)", "matern32 + white(variance=0.05)", "rbf * linear + constant"];

    [Theory, MemberData(nameof(Kernels))]
    public void Means_are_those_of_the_exact_posterior(string kernel)
    {
        var (exact, found) = (Exact(kernel), Condition(kernel, rank: 20, probes: 0));
        Assert.True(found.Iterations < 60);
        double[] wanted = new double[40], mean = new double[40];
        exact.Predict(others, wanted, default, default);
        found.ToLatentPosterior(20, TrainingMonitor.None).Predict(others, mean, default);
        Assert.Equal(exact.DataFit, found.DataFit, 1e-6);
        for (int i = 0; i < 40; i++)
            Assert.Equal(wanted[i], mean[i], 1e-7);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Variances_come_down_to_the_exact_ones_with_the_rank(string kernel)
    {
        double[] wanted = new double[40], mean = new double[40], before = new double[40], variance = new double[40];
        Exact(kernel).Predict(others, mean, wanted, default);
        Array.Fill(before, double.PositiveInfinity);
        var found = Condition(kernel, rank: 10, probes: 0);
        foreach (int rank in (int[])[5, 20, 60, N])
        {
            found.ToLatentPosterior(rank, TrainingMonitor.None).Predict(others, mean, variance);
            for (int i = 0; i < 40; i++)
            {
                Assert.True(variance[i] >= wanted[i] - 1e-8, $"{variance[i]} below {wanted[i]}");
                Assert.True(variance[i] <= before[i] + 1e-8);
            }
            variance.CopyTo(before, 0);
        }
        for (int i = 0; i < 40; i++)
            Assert.Equal(wanted[i], variance[i], 1e-6);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void The_likelihood_is_the_exact_one_up_to_the_probes(string kernel)
    {
        var exact = Exact(kernel);
        var estimated = Condition(kernel, rank: 8, probes: 100);
        Assert.True(estimated.StandardError > 0);
        Assert.True(
            Math.Abs(estimated.LogMarginalLikelihood - exact.LogMarginalLikelihood) < 4 * estimated.StandardError,
            $"{estimated.LogMarginalLikelihood} ± {estimated.StandardError}, not {exact.LogMarginalLikelihood}");
        // A preconditioner of full rank is the covariance: nothing is left to the probes.
        Assert.Equal(exact.LogMarginalLikelihood, Condition(kernel, rank: N, probes: 3).LogMarginalLikelihood, 1e-6);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Gradients_are_the_exact_ones_up_to_the_probes(string kernel)
    {
        var exact = Exact(kernel).Gradient();
        double[] wanted = [.. exact.Kernel, exact.LogNoiseVariance];
        var runs = Enumerable.Range(1, 15).Select(seed => Condition(kernel, rank: 15, probes: 10, seed).Gradient()).ToArray();
        Assert.Equal(exact.MeanConstant, runs[0].MeanConstant, 1e-5);
        for (int k = 0; k < wanted.Length; k++)
        {
            double[] values = [.. runs.Select(run => k < run.Kernel.Count ? run.Kernel[k] : run.LogNoiseVariance)];
            double mean = values.Average(), error = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) / 14);
            Assert.True(Math.Abs(mean - wanted[k]) < 4 * error + 1e-6, $"{k}: {mean} ± {error}, not {wanted[k]}");
        }
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits() => Assert.Equal(
        Condition(Kernels.First().Data, 20, 5, threads: 1).Gradient().Kernel, Condition(Kernels.First().Data, 20, 5, threads: 4).Gradient().Kernel);

    private static ExactPosterior Exact(string kernel) =>
        ExactPosterior.Condition(Kernel.Parse(kernel), Noise, inputs, response, MeanConstant);

    private static ConjugateGradientPosterior Condition(string kernel, int rank, int probes, int seed = 1, int threads = 2) =>
        ConjugateGradientPosterior.Condition(
            new(rank, probes, 1e-9, 400), Kernel.Parse(kernel).ForFeatures(2), Noise, (inputs, response, []), MeanConstant, new Random(seed),
            threads, TrainingMonitor.None);
}
