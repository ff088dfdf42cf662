using System.Text.Json;
using ProbML.GaussianProcesses;
using ProbML.Tests;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Fits under likelihoods that are not normal: optima, truths that come back, and data that are refused.</summary>
public sealed class LatentFitTests
{
    [Theory]
    [InlineData(PosteriorApproximation.Laplace)]
    [InlineData(PosteriorApproximation.ExpectationPropagation)]
    public void The_search_ends_at_an_optimum_above_the_references_values(PosteriorApproximation approximation)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.Require("reference", "gp", "classification.json")));
        var set = document.RootElement.GetProperty("sets")[0];
        var data = GpReference.DataOf(set.GetProperty("data"));
        var given = set.GetProperty("cases")[0];
        var kernel = GpReference.KernelOf(given.GetProperty("kernel"));
        var likelihood = GaussianProcessLikelihood.Bernoulli(Links.Probit);
        var options = new GaussianProcessOptions
        {
            Kernel = kernel,
            Likelihood = likelihood,
            Inference = new ApproximateInference(approximation),
            LearnMean = false,
            StandardizeFeatures = false,
            Restarts = 0,
            Tolerance = 1e-5,
        };
        var design = new MatrixDesign(data.X.ToRows(), data.Y);
        var model = new GaussianProcessFitter(options, PredictionTask.BinaryClassification).Fit(design, TrainingMonitor.None);
        Assert.True(model.Summary.Converged);
        var there = ApproximatePosterior.Condition(kernel, likelihood, data.X, data.Y, approximation);
        var here = ApproximatePosterior.Condition(model.Kernel, likelihood, data.X, data.Y, approximation);
        Assert.True(model.Summary.LogMarginalLikelihood > there.LogEvidence);
        Assert.Equal(here.LogEvidence, model.Summary.LogMarginalLikelihood, 1e-6);
        Assert.All(here.Gradient().Kernel, slope => Assert.InRange(slope, -1e-3, 1e-3));
    }

    [Fact]
    public void Rates_come_back_from_counts_with_exposures()
    {
        var random = new Random(4);
        const int Count = 90;
        double[] x = [.. Enumerable.Range(0, Count).Select(i => 6.0 * i / Count)];
        double[] exposures = [.. x.Select(_ => Math.Log(2 + 8 * random.NextDouble()))];
        double[] y = [.. x.Select((t, i) => PoissonDistribution.Quantile(random.NextDouble(), Math.Exp(0.5 + Math.Sin(t) + exposures[i])))];
        var model = Fit(new MatrixDesign(x, y, offsets: exposures), new()
        {
            Kernel = new RbfKernel(), Likelihood = GaussianProcessLikelihood.Poisson, Restarts = 0,
        });
        double[] mean = new double[Count], variance = new double[Count];
        model.PredictLatent(x, mean, variance);
        int inside = 0;
        for (int i = 0; i < Count; i++)
        {
            Assert.InRange(mean[i] - 0.5 - Math.Sin(x[i]), -0.5, 0.5);
            inside += Math.Abs(mean[i] - 0.5 - Math.Sin(x[i])) < 1.96 * Math.Sqrt(variance[i]) ? 1 : 0;
        }
        Assert.InRange(inside, 0.8 * Count, Count);
    }

    [Fact]
    public void Outliers_do_not_pull_students_process()
    {
        var random = new Random(8);
        double[] x = [.. Enumerable.Range(0, 60).Select(i => i / 10.0)];
        double[] y = [.. x.Select((t, i) => 20 + 5 * Math.Sin(t) + 0.5 * RandomNormal.Draw(random) + (i % 9 == 4 ? 30 : 0))];
        var design = new MatrixDesign(x, y);
        double robust = Error(GaussianProcessLikelihood.StudentT()), normal = Error(null);
        Assert.True(robust < 0.5 && robust < 0.3 * normal, $"{robust} and {normal}");

        double Error(GaussianProcessLikelihood? likelihood)
        {
            var model = Fit(design, new() { Kernel = new RbfKernel(), Likelihood = likelihood, Restarts = 0 });
            var mean = new double[x.Length];
            model.PredictLatent(x, mean, default);
            return Math.Sqrt(x.Zip(mean, (t, m) => Math.Pow(m - 20 - 5 * Math.Sin(t), 2)).Average());
        }
    }

    [Fact]
    public void Overdispersion_is_found()
    {
        var random = new Random(2);
        double[] x = [.. Enumerable.Range(0, 150).Select(i => i / 25.0)];
        double[] y = [.. x.Select(t => NegativeBinomialDistribution.Quantile(random.NextDouble(), Math.Exp(2 + 0.5 * Math.Sin(t)), 2))];
        var model = Fit(new MatrixDesign(x, y), new()
        {
            Kernel = new RbfKernel { Lengthscale = [2] }, Likelihood = GaussianProcessLikelihood.NegativeBinomial(20), Restarts = 0,
        });
        Assert.InRange(((NegativeBinomialLikelihood)model.Likelihood).Theta, 1.3, 3.2);
    }

    [Fact]
    public void Data_that_allow_no_fit_are_refused_with_row_and_remedy()
    {
        double[] x = [.. Enumerable.Range(0, 20).Select(i => i / 4.0)];
        double[] ones = [.. x.Select(_ => 1.0)], counts = [.. x.Select((_, i) => i == 6 ? -1.0 : i)];
        Assert.Contains("rows of both classes", Message(ones, new(), PredictionTask.BinaryClassification), StringComparison.Ordinal);
        string negative = Message(counts, new() { Likelihood = GaussianProcessLikelihood.Poisson }, PredictionTask.Regression);
        Assert.Contains("row 7 of 'y' is -1", negative, StringComparison.Ordinal);
        counts[6] = 2.5;
        Assert.Contains("row 7 of 'y' is 2.5", Message(counts, new() { Likelihood = GaussianProcessLikelihood.NegativeBinomial() }, PredictionTask.Regression), StringComparison.Ordinal);
        double[] labels = [.. x.Select((_, i) => i % 2 == 0 ? 1.0 : 0)];
        Assert.Contains("rows fit", Message(labels, new() { MemoryLimit = 1000 }, PredictionTask.BinaryClassification), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessFitter(
            new() { Likelihood = GaussianProcessLikelihood.Poisson }, PredictionTask.BinaryClassification));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessFitter(
            new() { Likelihood = GaussianProcessLikelihood.Bernoulli() }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessFitter(
            new() { Likelihood = GaussianProcessLikelihood.StudentT(), Inference = GaussianProcessInference.Variational }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessFitter(new() { Inference = GaussianProcessInference.Laplace }));

        string Message(double[] y, GaussianProcessOptions options, PredictionTask task) => Assert.Throws<InvalidOperationException>(
            () => new GaussianProcessFitter(options, task).Fit(new MatrixDesign(x, y), TrainingMonitor.None)).Message;
    }

    [Fact]
    public void Several_classes_are_learnt_and_one_alone_is_refused()
    {
        var random = new Random(9);
        double[] x = [.. Enumerable.Range(0, 90).Select(_ => 6 * random.NextDouble() - 3)];
        double[] y = [.. x.Select(t => t + 0.3 * RandomNormal.Draw(random) is var z && z < -1 ? 0.0 : z < 1 ? 1.0 : 2.0)];
        string[] names = ["low", "middle", "high"];
        var options = new GaussianProcessOptions { Kernel = new RbfKernel(), Restarts = 0, MaximumIterations = 15 };
        foreach (var fitter in new IFitter<GaussianProcessClassModel>[]
        {
            new GaussianProcessClassFitter(names, options), new OrdinalGaussianProcessFitter(names, options),
        })
        {
            var model = fitter.Fit(new MatrixDesign(x, y), TrainingMonitor.None);
            double[] p = model.Probabilities([-2.5, 0, 2.5]);
            Assert.True(p[0] > 0.8 && p[4] > 0.8 && p[8] > 0.8, string.Join(' ', p));
            Assert.Contains("Class 'low', 'high' of 'y' has no rows", Assert.Throws<InvalidOperationException>(
                () => fitter.Fit(new MatrixDesign(x, [.. x.Select(_ => 1.0)]), TrainingMonitor.None)).Message, StringComparison.Ordinal);
            using var memory = new MemoryStream();
            using (var writer = new BinaryWriter(memory, System.Text.Encoding.UTF8, leaveOpen: true))
                model.Write(writer);
            memory.Position = 0;
            using var reader = new BinaryReader(memory);
            Assert.Equal(p, GaussianProcessClassModel.Read(reader).Probabilities([-2.5, 0, 2.5]));
        }
    }

    private static GaussianProcessModel Fit(Design design, GaussianProcessOptions options) =>
        new GaussianProcessFitter(options).Fit(design, TrainingMonitor.None);
}
