using System.Text.Json;
using ProbML.GaussianProcesses;
using ProbML.Numerics.Tests.GaussianProcesses;
using ProbML.Tests;
using static ProbML.Torch.Tests.GaussianProcesses.DeviceCases;

namespace ProbML.Torch.Tests.GaussianProcesses;

/// <summary>Whole fits on a device end where the managed ones do.</summary>
public sealed class TorchFitTests
{
    private static readonly TorchCovarianceDevice cpu = new() { Device = TrainingDevice.Cpu };

    public static TheoryData<string> Files => ["tiny", "mcycle", "yacht", "boston", "co2"];

    [Theory, MemberData(nameof(Files))]
    public void Likelihoods_and_gradients_are_those_of_the_reference(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.Require("reference", "gp", $"exact_{file}.json")));
        int cases = 0;
        foreach (var set in document.RootElement.GetProperty("sets").EnumerateArray())
        {
            var data = GpReference.DataOf(set.GetProperty("data"));
            using var matrix = cpu.Open(data.X);
            foreach (var one in set.GetProperty("cases").EnumerateArray())
            {
                string name = $"{set.GetProperty("name").GetString()} {one.GetProperty("id").GetString()}";
                var kernel = GpReference.KernelOf(one.GetProperty("kernel")).ForFeatures(data.X.Features);
                double condition = one.GetProperty("double_precision_check").GetProperty("condition_number").GetDouble();
                double tight = condition < 1e4 ? 1e-10 : 1e-8, mean = one.GetProperty("mean_constant").GetDouble();
                double[] centred = [.. data.Y.Select(value => value - mean)], alpha = [.. centred], diagonal = new double[alpha.Length];
                var noise = Enumerable.Repeat(one.GetProperty("noise_variance").GetDouble(), alpha.Length).ToArray();
                using var factor = matrix.Factor(kernel, noise, 0)!;
                factor.Solve(alpha);
                double likelihood = -0.5 * (alpha.Zip(centred, (a, b) => a * b).Sum() + factor.LogDeterminant
                    + alpha.Length * Math.Log(2 * Math.PI));
                GpReference.Near(name, one.GetProperty("log_marginal_likelihood").GetDouble(), likelihood, tight);
                double[] gradient = factor.Gradient(alpha, diagonal);
                double[] expected = [.. one.GetProperty("gradient").EnumerateArray()
                    .Where(entry => entry.GetProperty("parameter").GetString()!.StartsWith("kernel.", StringComparison.Ordinal))
                    .Select(entry => (entry.TryGetProperty("d_log", out var log) ? log : entry.GetProperty("d")).GetDouble())];
                GpReference.Near(name, expected, gradient, 1e-7 * Math.Max(1, expected.Max(Math.Abs)));
                cases++;
            }
        }
        Assert.True(cases > 1);
    }

    [Theory]
    [InlineData("matern52(dims=[0, 1, 2], ard) + linear(dims=[1])", 40)]
    [InlineData("rbf(dims=[0, 1, 2], ard)", 1000)]
    public void An_exact_fit_ends_at_the_same_optimum(string kernel, int restartRows) =>
        Same(new() { Kernel = Kernel.Parse(kernel), Restarts = 1, RestartRows = restartRows, Seed = 4, Tolerance = 1e-9 }, 1e-8, 1e-6);

    [Theory, MemberData(nameof(Kernels))]
    public void Without_a_search_the_posterior_is_the_same(string kernel) =>
        Same(new() { Kernel = Kernel.Parse(kernel), Likelihood = GaussianProcessLikelihood.Gaussian(0.3), Optimize = false }, 1e-10, 0);

    public static TheoryData<string> Kernels => [.. DeviceCases.Kernels];

    [Theory]
    [InlineData(40)]
    [InlineData(1000)]
    public void Conjugate_gradients_end_at_the_same_fit(int restartRows)
    {
        var options = new GaussianProcessOptions
        {
            Kernel = Kernel.Parse("rbf(dims=[0, 1, 2], ard)"), Restarts = 0, RestartRows = restartRows, Seed = 4, Tolerance = 1e-9,
            Inference = new ConjugateGradientInference { Tolerance = 1e-11, SearchTolerance = 1e-9, Steps = 3, PreconditionerRank = 10, Probes = 4 },
        };
        Same(options, 1e-8, 1e-6);
    }

    [Fact]
    public void Repeated_rows_without_noise_get_the_same_jitter()
    {
        string? warning = null;
        var monitor = new TrainingMonitor { Warning = message => warning = message };
        var options = new GaussianProcessOptions
        {
            Likelihood = GaussianProcessLikelihood.Gaussian(0, isFixed: true), Optimize = false, StandardizeFeatures = false,
            StandardizeLabel = false,
        };
        var rows = new MatrixDesign([0, 0.5, 0.5, 1], [0, 1, 1, 0]);
        double managed = new GaussianProcessFitter(options).Fit(rows, monitor).Summary.Jitter;
        warning = null;
        var fitted = new GaussianProcessFitter(options with { Device = cpu }).Fit(rows, monitor);
        Assert.Equal(managed, fitted.Summary.Jitter, 1e-15);
        Assert.True(fitted.Summary.Jitter > 0);
        Assert.Contains("diagonal: rows repeat", warning);
    }

    private static void Same(GaussianProcessOptions options, double predictions, double hyperparameters)
    {
        var x = Inputs();
        double[] y = Response(x), rows = x.ToRows();
        var design = new MatrixDesign(rows, y);
        var managed = new GaussianProcessFitter(options).Fit(design, TrainingMonitor.None);
        var device = new GaussianProcessFitter(options with { Device = cpu }).Fit(design, TrainingMonitor.None);
        Assert.Equal(managed.Summary.LogMarginalLikelihood, device.Summary.LogMarginalLikelihood, 1e-7);
        foreach (var (one, two) in managed.Hyperparameters.Zip(device.Hyperparameters))
            Assert.Equal(one.Value, two.Value, hyperparameters * Math.Max(1, Math.Abs(one.Value)));
        double[] mean = new double[x.Rows], variance = new double[x.Rows], otherMean = new double[x.Rows], other = new double[x.Rows];
        managed.PredictLatent(rows, mean, variance);
        device.PredictLatent(rows, otherMean, other);
        // In the unit of the response, whose variance is about one: where an optimum lies is known to the root of the precision.
        for (int i = 0; i < x.Rows; i++)
        {
            Assert.Equal(mean[i], otherMean[i], predictions * Math.Max(1, Math.Abs(mean[i])));
            Assert.Equal(variance[i], other[i], predictions * Math.Max(1, variance[i]));
        }
        Assert.Equal(managed.Summary.LeaveOneOutLogDensity, device.Summary.LeaveOneOutLogDensity, 1e-6);
    }
}
