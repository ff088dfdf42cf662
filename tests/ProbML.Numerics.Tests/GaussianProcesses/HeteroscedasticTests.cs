using System.Text.Json;
using ProbML.GaussianProcesses;
using ProbML.Tests;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Noise that changes with x: its bound, the derivatives, and what it finds.</summary>
public sealed class HeteroscedasticTests
{
    private const int N = 40;

    private static readonly InputColumns inputs = KernelTests.Inputs(N, 2, seed: 51);

    private static readonly double[] response =
    [
        .. Enumerable.Range(0, N).Select(i =>
            Math.Sin(2 * inputs.Column(0)[i]) + Math.Exp(inputs.Column(1)[i] - 1) * Math.Cos(57.3 * i)),
    ];

    private static readonly double[] weights = [.. Enumerable.Range(0, N).Select(i => 1.0 + i % 3)];

    [Theory]
    [InlineData("rbf(ard, lengthscale=0.8)", "rbf(variance=0.7, lengthscale=1.2)")]
    [InlineData("matern32 + white(variance=0.02)", "matern52(ard) + linear(variance=0.3)")]
    public void Gradients_are_those_of_finite_differences(string text, string noiseText)
    {
        Kernel kernel = Kernel.Parse(text).ForFeatures(2), noise = Kernel.Parse(noiseText).ForFeatures(2);
        var posterior = At(kernel, noise, -1.5, 0.1);
        Assert.True(posterior.Converged);
        var gradient = posterior.Gradient();
        double[] free = kernel.FreeParameters(), noiseFree = noise.FreeParameters();
        for (int k = 0; k < free.Length; k++)
            Close(gradient.Kernel[k], step => At(kernel.With(Moved(free, k, step)), noise, -1.5, 0.1).Bound, kernel.ParameterNames[k]);
        for (int k = 0; k < noiseFree.Length; k++)
            Close(gradient.NoiseKernel[k], step => At(kernel, noise.With(Moved(noiseFree, k, step)), -1.5, 0.1).Bound, noise.ParameterNames[k]);
        Close(gradient.NoiseMean, step => At(kernel, noise, -1.5 + step, 0.1).Bound, "noise mean");
        Close(gradient.MeanConstant, step => At(kernel, noise, -1.5, 0.1 + step).Bound, "mean");
    }

    [Fact]
    public void Where_the_noise_hardly_changes_it_is_the_exact_process()
    {
        var kernel = Kernel.Parse("rbf").ForFeatures(2);
        var exact = ExactPosterior.Condition(kernel, 0.3, inputs, response, 0.2, weights: weights);
        var found = At(kernel, new RbfKernel { Variance = 1e-9 }.ForFeatures(2), Math.Log(0.3), 0.2);
        Assert.Equal(exact.LogMarginalLikelihood, found.Bound, 1e-6);
        var gradient = exact.Gradient();
        Assert.Equal(gradient.LogNoiseVariance, found.Gradient().NoiseMean, 1e-5);
        double[] mean = new double[N], variance = new double[N], mean2 = new double[N], variance2 = new double[N];
        exact.ToLatent().Predict(inputs, mean, variance);
        found.Latent.Predict(inputs, mean2, variance2);
        GpReference.Near("mean", mean, mean2, 1e-7);
        GpReference.Near("variance", variance, variance2, 1e-7);
    }

    [Fact]
    public void It_bounds_the_likelihood_from_below_the_closer_the_less_the_noise_changes()
    {
        double much = Gap(0.5), little = Gap(0.05);
        Assert.InRange(much, 0, 0.2);
        Assert.InRange(little, 0, 0.15 * much);
    }

    /// <summary>ln p(y) less the bound, of noise whose logarithm has a variance.</summary>
    private static double Gap(double spread)
    {
        // Of two rows ln ∫ N(y | 0, K + diag e^g) N(g) dg is a sum over a grid.
        var x = InputColumns.FromRows([0, 0.7], 1);
        double[] y = [0.4, -1.1];
        Kernel kernel = new RbfKernel { Variance = 0.8 }, noise = new RbfKernel { Variance = spread };
        double cross = Math.Exp(-0.245), off = 0.8 * cross, noiseOff = spread * cross, sum = 0;
        double reach = 8 * Math.Sqrt(spread), step = reach / 250;
        for (double g0 = -reach; g0 < reach; g0 += step)
        {
            for (double g1 = -reach; g1 < reach; g1 += step)
            {
                double prior = Normal(g0, g1, spread, noiseOff, spread);
                sum += step * step * Math.Exp(prior + Normal(y[0], y[1], 0.8 + Math.Exp(g0 - 1), off, 0.8 + Math.Exp(g1 - 1)));
            }
        }
        var found = HeteroscedasticPosterior.TryCondition(
            new(kernel.ForFeatures(1), 0, noise.ForFeatures(1), -1, x, y, [], 1))!;
        return Math.Log(sum) - found.Bound;
    }

    [Fact]
    public void The_motorcycle_s_noise_is_found()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.Require("reference", "gp", "exact_mcycle.json")));
        var data = document.RootElement.GetProperty("sets")[0].GetProperty("data");
        var (x, y, asked) = (GpReference.DataOf(data).X, GpReference.DataOf(data).Y, GpReference.DataOf(data).XTest);
        double[] truth = GpReference.Numbers(data.GetProperty("y_test"));
        var design = new MatrixDesign(x.ToRows(), y);
        GaussianProcessOptions options = new() { Kernel = new MaternKernel(MaternSmoothness.FiveHalves), Restarts = 1 };
        var constant = new GaussianProcessFitter(options).Fit(design, TrainingMonitor.None);
        var model = new GaussianProcessFitter(options with { Likelihood = GaussianProcessLikelihood.Heteroscedastic() })
            .Fit(design, TrainingMonitor.None);
        Assert.True(model.Summary.Converged);
        Assert.True(model.Summary.LogMarginalLikelihood > constant.Summary.LogMarginalLikelihood + 20);
        double Mean(GaussianProcessModel of) => Scores(of, asked.ToRows(), 1, truth).Average(row => row[1]);
        double gain = Mean(model) - Mean(constant);
        Assert.True(gain > 0.2, $"{gain} nats a row");
        float[] noise = [.. Scores(model, [x.Column(0).ToArray().Min(), 0.3], 1, null).Select(row => row[4])];
        Assert.True(noise[1] > 5 * noise[0], $"{noise[0]} at first, {noise[1]} in the fall");
        Assert.Contains(model.Hyperparameters, one => one.Name == "noise.lengthscale");
    }

    [Fact]
    public void Noise_that_does_not_change_is_found_to_be_constant()
    {
        var random = new Random(6);
        double[] x = [.. Enumerable.Range(0, 120).Select(i => i / 20.0)];
        double[] y = [.. x.Select(t => 100 + 10 * Math.Sin(t) + 3 * RandomNormal.Draw(random))];
        var design = new MatrixDesign(x, y);
        GaussianProcessOptions options = new() { Kernel = new RbfKernel(), Restarts = 0 };
        var exact = new GaussianProcessFitter(options).Fit(design, TrainingMonitor.None);
        var model = new GaussianProcessFitter(options with { Likelihood = GaussianProcessLikelihood.Heteroscedastic() })
            .Fit(design, TrainingMonitor.None);
        Assert.InRange(model.Summary.LogMarginalLikelihood - exact.Summary.LogMarginalLikelihood, -0.5, 2);
        double constant = Scores(exact, x, 1, null)[0][4];
        Assert.All(Scores(model, x, 1, null), row => Assert.InRange(row[4], 0.7 * constant, 1.4 * constant));
    }

    [Fact]
    public void Predictions_are_mixtures_over_the_noise()
    {
        var prediction = HeteroscedasticPrediction.Of(1.5, 0.3, 0.1, -0.4, 0.8);
        double sum = 0, square = 0, below = 0, quantile = prediction.Quantile(0.9);
        const double Step = 1e-3;
        for (double y = -40 + Step / 2; y < 43; y += Step)
        {
            double density = Step * Math.Exp(prediction.LogDensity(y));
            sum += density;
            square += density * (y - 1.5) * (y - 1.5);
            below += y < quantile ? density : 0;
        }
        Assert.Equal(1, sum, 1e-8);
        Assert.Equal(prediction.Variance, square, 1e-6);
        Assert.Equal(0.9, below, 1e-3);
        Assert.Equal(0.9, prediction.Cdf(quantile), 1e-6);
        Assert.Equal(3.0, quantile + prediction.Quantile(0.1), 1e-5);
        var known = HeteroscedasticPrediction.Of(1.5, 0.3, 0.1, -0.4, 0);
        Assert.Equal(1.5 + 1.2815515655446004 * Math.Sqrt(0.4 + Math.Exp(-0.4)), known.Quantile(0.9), 1e-6);
    }

    [Fact]
    public void Saved_and_read_it_scores_the_same_on_any_number_of_threads()
    {
        var options = new GaussianProcessOptions { Likelihood = GaussianProcessLikelihood.Heteroscedastic(), Restarts = 0, MaximumIterations = 5 };
        var design = new MatrixDesign(inputs.ToRows(), response, weights: weights);
        var model = new GaussianProcessFitter(options with { NumberOfThreads = 1 }).Fit(design, TrainingMonitor.None);
        float[][] scores = Scores(model, inputs.ToRows(), 2, response);
        Assert.Equal(scores, Scores(new GaussianProcessFitter(options with { NumberOfThreads = 3 }).Fit(design, TrainingMonitor.None), inputs.ToRows(), 2, response));
        using var stream = new MemoryStream();
        model.Write(new BinaryWriter(stream));
        stream.Position = 0;
        var read = GaussianProcessModel.Read(new BinaryReader(stream));
        Assert.Equal(scores, Scores(read, inputs.ToRows(), 2, response));
        Assert.Equal(model.ToString(), read.ToString());
        var one = read.Predict(inputs.ToRows().AsSpan(0, 2));
        Assert.Equal(scores[0][2], one.StandardDeviation, 1e-5);
    }

    [Fact]
    public void What_cannot_be_fitted_is_said()
    {
        var likelihood = GaussianProcessLikelihood.Heteroscedastic();
        GaussianProcessInference[] wrong =
        [
            GaussianProcessInference.Exact, GaussianProcessInference.Laplace, GaussianProcessInference.ExpectationPropagation,
            new SparseVariationalInference(), new StochasticVariationalInference(), new ConjugateGradientInference(),
        ];
        Assert.All(wrong, one => Assert.Throws<ArgumentOutOfRangeException>(
            () => new GaussianProcessFitter(new() { Likelihood = likelihood, Inference = one })));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HeteroscedasticLikelihood { NoiseVariance = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new GaussianProcessFitter(new() { Likelihood = likelihood }, PredictionTask.BinaryClassification));
        Assert.Contains("no white kernel", Message(new() { Likelihood = GaussianProcessLikelihood.Heteroscedastic(Kernel.Parse("rbf + white")) }, response), StringComparison.Ordinal);
        Assert.Contains("are equal", Message(new() { Likelihood = likelihood }, new double[N]), StringComparison.Ordinal);
        Assert.Contains("rows fit", Message(new() { Likelihood = likelihood, MemoryLimit = 1000 }, response), StringComparison.Ordinal);
        var unknown = new GaussianProcessOptions { Likelihood = likelihood, Hyperparameters = new() { Fixed = ["noise_variance"] } };
        Assert.Contains("noise_mean", Assert.Throws<ArgumentException>(() => Fit(unknown, response)).Message, StringComparison.Ordinal);

        string Message(GaussianProcessOptions options, double[] y) => Assert.Throws<InvalidOperationException>(() => Fit(options, y)).Message;

        GaussianProcessModel Fit(GaussianProcessOptions options, double[] y) =>
            new GaussianProcessFitter(options with { Restarts = 0, MaximumIterations = 3 }).Fit(new MatrixDesign(inputs.ToRows(), y), TrainingMonitor.None);
    }

    private static HeteroscedasticPosterior At(Kernel kernel, Kernel noise, double noiseMean, double mean) =>
        HeteroscedasticPosterior.TryCondition(new(kernel, mean, noise, noiseMean, inputs, response, weights, 1))!;

    private static double Normal(double a, double b, double aa, double ab, double bb)
    {
        double determinant = aa * bb - ab * ab;
        return -Math.Log(2 * Math.PI) - 0.5 * Math.Log(determinant) - 0.5 * (bb * a * a - 2 * ab * a * b + aa * b * b) / determinant;
    }

    private static double[] Moved(double[] from, int place, double step) => [.. from.Select((value, i) => value + (i == place ? step : 0))];

    private static void Close(double found, Func<double, double> at, string what)
    {
        double expected = (4 * (at(1e-3) - at(-1e-3)) / 2e-3 - (at(2e-3) - at(-2e-3)) / 4e-3) / 3;
        Assert.True(Math.Abs(expected - found) <= 2e-6 * Math.Max(1, Math.Abs(expected)), $"{what}: {expected:R} and {found:R}");
    }

    private static float[][] Scores(GaussianProcessModel model, double[] x, int features, double[]? y)
    {
        int width = model.Outputs.Count, n = x.Length / features;
        var values = new float[n * width];
        model.Score(new RowBlock(n, features, x, y), new OutputBlock(values, width));
        return [.. values.Chunk(width)];
    }
}
