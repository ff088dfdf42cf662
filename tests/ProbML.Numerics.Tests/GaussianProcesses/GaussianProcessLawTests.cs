using ProbML.GaussianProcesses;
using ProbML.LinearAlgebra;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Laws of exact Gaussian-process regression.</summary>
public sealed class GaussianProcessLawTests
{
    private static readonly Kernel Smooth = Kernel.Parse("rbf(variance=2, lengthscale=[0.7, 1.3])");

    [Fact]
    public void Conditioning_twice_is_conditioning_once()
    {
        const double Noise = 0.05, Mean = 0.4;
        double[] first = Rows(25, 1), second = Rows(10, 2), test = Rows(8, 3);
        double[] y = [.. Enumerable.Range(0, 35).Select(i => Math.Sin(3 * i))];
        var once = ExactPosterior.Condition(Smooth, Noise, Inputs([.. first, .. second]), y, Mean).ToLatent();
        var before = ExactPosterior.Condition(Smooth, Noise, Inputs(first), y.AsSpan(0, 25), Mean).ToLatent();

        // The first posterior's own normal at the second rows and the test rows, conditioned on the second rows.
        int m = 10, n = 8, all = m + n;
        var joint = Inputs([.. second, .. test]);
        double[] mean = new double[all], covariance = before.Covariance(joint), unused = new double[all];
        before.Predict(joint, mean, unused);
        var factor = new double[m * m];
        for (int i = 0; i < m; i++)
            for (int j = 0; j <= i; j++)
                factor[i * m + j] = covariance[i * all + j] + (i == j ? Noise : 0);
        Assert.True(Cholesky.TryFactor(factor, m, m, out _));
        double[] expectedMean = new double[n], expected = new double[n];
        once.Predict(Inputs(test), expectedMean, expected);
        for (int t = 0; t < n; t++)
        {
            double[] cross = [.. Enumerable.Range(0, m).Select(i => covariance[(m + t) * all + i])], solved = [.. cross];
            Cholesky.Solve(factor, m, m, solved);
            double twice = mean[m + t], variance = covariance[(m + t) * all + m + t];
            for (int i = 0; i < m; i++)
            {
                twice += solved[i] * (y[25 + i] - mean[i]);
                variance -= solved[i] * cross[i];
            }
            Assert.Equal(expectedMean[t], twice, 1e-10);
            Assert.Equal(expected[t], variance, 1e-10);
        }
    }

    [Fact]
    public void A_posterior_without_noise_passes_through_its_data()
    {
        var kernel = Kernel.Parse("matern32(variance=2, lengthscale=[0.7, 1.3])");
        double[] rows = Rows(40, 4), y = [.. Enumerable.Range(0, 40).Select(i => Math.Cos(2 * i))];
        var posterior = ExactPosterior.Condition(kernel, 0, Inputs(rows), y);
        Assert.Equal(0, posterior.Jitter);
        double[] mean = new double[40], variance = new double[40];
        posterior.Predict(Inputs(rows), mean, variance, default);
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(y[i], mean[i], 1e-9);
            Assert.Equal(0, variance[i], 1e-9);
        }
    }

    [Fact]
    public void With_a_linear_kernel_it_is_Bayesian_linear_regression()
    {
        const double Noise = 0.3, Slope = 1.7, Intercept = 2.5;
        double[] rows = Rows(60, 5), test = Rows(12, 6), y = [.. Enumerable.Range(0, 60).Select(i => rows[2 * i] - 0.5 * rows[2 * i + 1] + Math.Sin(i))];
        var process = new GaussianProcessFitter(new()
        {
            Kernel = Kernel.Parse(FormattableString.Invariant($"linear(variance={Slope}) + {Intercept}")),
            Likelihood = GaussianProcessLikelihood.Gaussian(Noise, isFixed: true),
            Optimize = false,
            StandardizeFeatures = false,
            StandardizeLabel = false,
        }).Fit(new MatrixDesign(rows, y), TrainingMonitor.None);
        var linear = new BayesianLinearFitter(new()
        {
            Inference = LinearInference.KnownNoise(1 / Noise),
            Priors = new() { Default = new NormalPrior(0, Math.Sqrt(Slope)), Intercept = new NormalPrior(0, Math.Sqrt(Intercept)) },
        }).Fit(new MatrixDesign(rows, y), TrainingMonitor.None);
        double[] mean = new double[12], variance = new double[12];
        process.PredictLatent(test, mean, variance);
        for (int i = 0; i < 12; i++)
        {
            var expected = linear.Predict(test.AsSpan(2 * i, 2));
            Assert.Equal(expected.Mean, mean[i], 1e-8);
            Assert.Equal(expected.LatentSquaredScale, variance[i], 1e-8);
        }
        Assert.Equal(linear.LogEvidence, process.Summary.LogMarginalLikelihood, 1e-8);
    }

    [Fact]
    public void Leave_one_out_is_leaving_one_out()
    {
        double[] rows = Rows(20, 7), y = [.. Enumerable.Range(0, 20).Select(i => Math.Sin(i))];
        double[] weights = [.. Enumerable.Range(0, 20).Select(i => 0.5 + i % 3)];
        var (mean, variance, density) = ExactPosterior.Condition(Smooth, 0.1, Inputs(rows), y, 0.2, weights: weights).LeaveOneOut();
        double sum = 0;
        for (int i = 0; i < 20; i++)
        {
            var others = ExactPosterior.Condition(
                Smooth, 0.1, Inputs([.. rows[..(2 * i)], .. rows[(2 * i + 2)..]]), [.. y[..i], .. y[(i + 1)..]], 0.2,
                weights: [.. weights[..i], .. weights[(i + 1)..]]);
            double[] m = new double[1], v = new double[1];
            others.Predict(Inputs(rows[(2 * i)..(2 * i + 2)]), m, v, default);
            double total = v[0] + 0.1 / weights[i];
            Assert.Equal(m[0], mean[i], 1e-10);
            Assert.Equal(total, variance[i], 1e-10);
            sum += NormalDistribution.LogDensity((y[i] - m[0]) / Math.Sqrt(total)) - 0.5 * Math.Log(total);
        }
        Assert.Equal(sum, density, 1e-9);
    }

    [Fact]
    public void A_weight_of_two_is_a_row_of_half_the_noise()
    {
        double[] rows = Rows(15, 8), y = [.. Enumerable.Range(0, 15).Select(i => Math.Sin(i))], two = new double[15];
        two.AsSpan().Fill(2);
        var weighted = ExactPosterior.Condition(Smooth, 0.2, Inputs(rows), y, weights: two);
        var plain = ExactPosterior.Condition(Smooth, 0.1, Inputs(rows), y);
        Assert.Equal(plain.LogMarginalLikelihood, weighted.LogMarginalLikelihood, 1e-12);
        Assert.Equal(plain.Gradient().LogNoiseVariance, weighted.Gradient().LogNoiseVariance, 1e-12);
    }

    [Fact]
    public void Draws_have_the_posterior_mean_and_covariance()
    {
        const int Draws = 20_000;
        double[] rows = Rows(12, 9), test = Rows(3, 10), y = [.. Enumerable.Range(0, 12).Select(i => Math.Sin(i))];
        var posterior = ExactPosterior.Condition(Smooth, 0.1, Inputs(rows), y, 1).ToLatent();
        double[] mean = new double[3], variance = new double[3], covariance = posterior.Covariance(Inputs(test));
        posterior.Predict(Inputs(test), mean, variance);
        var draws = posterior.Sample(Inputs(test), Draws, new Random(3));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(variance[i], covariance[i * 4], 1e-12);
            double average = Enumerable.Range(0, Draws).Average(s => draws[3 * s + i]);
            Assert.InRange(average - mean[i], -5 * Math.Sqrt(variance[i] / Draws), 5 * Math.Sqrt(variance[i] / Draws));
            for (int j = 0; j <= i; j++)
            {
                double moment = Enumerable.Range(0, Draws).Average(s => (draws[3 * s + i] - mean[i]) * (draws[3 * s + j] - mean[j]));
                double error = Math.Sqrt((variance[i] * variance[j] + covariance[i * 3 + j] * covariance[i * 3 + j]) / Draws);
                Assert.InRange(moment - covariance[i * 3 + j], -5 * error, 5 * error);
            }
        }
        Assert.Equal(draws, posterior.Sample(Inputs(test), Draws, new Random(3)));
    }

    [Fact]
    public void Standardising_is_undone_in_every_output()
    {
        double[] rows = Rows(50, 11), y = [.. Enumerable.Range(0, 50).Select(i => Math.Sin(4 * rows[2 * i]) + rows[2 * i + 1] + 0.1 * Math.Cos(9 * i))];
        double[] moved = [.. rows.Select((value, k) => k % 2 == 0 ? 1000 * value + 5 : value / 50 - 3)], scaled = [.. y.Select(value => 200 * value - 70)];
        var options = new GaussianProcessOptions { Restarts = 0 };
        var plain = new GaussianProcessFitter(options).Fit(new MatrixDesign(rows, y), TrainingMonitor.None);
        var other = new GaussianProcessFitter(options).Fit(new MatrixDesign(moved, scaled), TrainingMonitor.None);
        Assert.Equal(plain.Summary.LogMarginalLikelihood - 50 * Math.Log(200), other.Summary.LogMarginalLikelihood, 1e-5);
        Assert.Equal(plain.Summary.LeaveOneOutRootMeanSquaredError * 200, other.Summary.LeaveOneOutRootMeanSquaredError, 1e-3);
        double[] mean = new double[50], variance = new double[50], m = new double[50], v = new double[50];
        plain.PredictLatent(rows, mean, variance);
        other.PredictLatent(moved, m, v);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(200 * mean[i] - 70, m[i], 1e-3);
            Assert.Equal(200 * Math.Sqrt(variance[i]), Math.Sqrt(v[i]), 1e-3);
        }
        var length = plain.Hyperparameters.Single(one => one.Name == "lengthscale[0]");
        var long1 = other.Hyperparameters.Single(one => one.Name == "lengthscale[0]");
        Assert.Equal(1000, long1.OwnUnit!.Value / length.OwnUnit!.Value, 0.1);
        Assert.Equal("x1", length.Feature);
        var noise = other.Hyperparameters.Single(one => one.Name == "noise_variance");
        Assert.Equal(40000, noise.OwnUnit!.Value / plain.Hyperparameters.Single(one => one.Name == "noise_variance").OwnUnit!.Value, 40.0);
    }

    [Fact]
    public void A_prior_moves_the_optimum_towards_itself()
    {
        double[] rows = Rows(40, 12), y = [.. Enumerable.Range(0, 40).Select(i => Math.Sin(4 * rows[2 * i]) + 0.3 * Math.Cos(7 * i))];
        var options = new GaussianProcessOptions { Kernel = Kernel.Parse("rbf"), Restarts = 0 };
        double Noise(GaussianProcessOptions chosen) => new GaussianProcessFitter(chosen)
            .Fit(new MatrixDesign(rows, y), TrainingMonitor.None).Hyperparameters.Single(one => one.Name == "noise_variance").Value;
        double free = Noise(options), drawn = Noise(options with
        {
            Hyperparameters = new() { Priors = new Dictionary<string, HyperparameterPrior> { ["noise_variance"] = HyperparameterPrior.Gamma(2000, 1000) } },
        });
        Assert.InRange(drawn, 1.8, 2.1);
        Assert.True(free < 1);
        Assert.Equal(0.25, Noise(options with { Likelihood = GaussianProcessLikelihood.Gaussian(0.25, isFixed: true) }), 1e-12);
    }

    private static double[] Rows(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 2 * count).Select(_ => 2 * random.NextDouble() - 1)];
    }

    private static InputColumns Inputs(double[] rows) => InputColumns.FromRows(rows, 2);
}
