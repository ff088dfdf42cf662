using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Stochastic variational inference of classes, counts and outliers, against inference of all rows at once.</summary>
public sealed class LatentVariationalTests
{
    private const int N = 60;

    private static readonly double[] inputs = [.. KernelTests.Inputs(N, 2, seed: 41).ToRows().Select(x => 5 + 3 * x)];

    public static TheoryData<string> LogConcave => ["logit", "probit", "poisson", "negative binomial"];

    public static TheoryData<string> All => [.. LogConcave, "student t"];

    [Theory, MemberData(nameof(LogConcave))]
    public void With_every_input_and_given_hyperparameters_it_is_the_variational_fit_of_all_rows(string name)
    {
        var (likelihood, design) = Rows(name);
        var options = Given(likelihood);
        var all = Fit(options with { Inference = GaussianProcessInference.Variational }, design);
        var model = Fit(options with { Inference = Every(1000) }, design);
        Assert.True(model.Summary is { Converged: true, IsApproximate: true, Rows: N });
        Assert.Equal(all.Summary.LogMarginalLikelihood, model.Summary.LogMarginalLikelihood, 1e-5);
        double[] mean = new double[N], variance = new double[N], mean2 = new double[N], variance2 = new double[N];
        all.PredictLatent(inputs, mean, variance);
        model.PredictLatent(inputs, mean2, variance2);
        for (int i = 0; i < N; i++)
        {
            Assert.Equal(mean[i], mean2[i], 1e-5);
            Assert.Equal(variance[i], variance2[i], 1e-5);
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Fewer_inducing_inputs_lower_the_bound_and_batches_raise_it(string name)
    {
        var (likelihood, design) = Rows(name);
        var given = Given(likelihood);
        double every = Fit(given with { Inference = Every(1000) }, design).Summary.LogMarginalLikelihood;
        double few = Fit(given with { Inference = Every(8) }, design).Summary.LogMarginalLikelihood;
        Assert.True(few < every, $"{few} and {every}");
        var learnt = Fit(given with { Optimize = true, Inference = Every(8) with { Steps = 150, BatchSize = 30 } }, design);
        Assert.True(learnt.Summary.LogMarginalLikelihood > few + 1, $"{learnt.Summary.LogMarginalLikelihood} and {few}");
    }

    [Fact]
    public void At_the_optimum_of_students_process_no_natural_step_raises_the_bound()
    {
        var (likelihood, design) = Rows("student t");
        var x = InputColumns.FromRows(inputs, 2);
        var inducing = InducingCovariance.Create(Kernel.Parse("rbf(lengthscale=2)").ForFeatures(2), x, 1e-8, 1);
        var density = new LatentLogDensity(likelihood);
        var best = VariationalOptimum.Find(inducing, density, VariationalNormal.Prior(N, 1), 20, design, 1, TrainingMonitor.None);
        Assert.True(best.Converged);
        double[] y = new double[N], ones = [.. Enumerable.Repeat(1.0, N)];
        for (int i = 0; i < N; i++)
            y[i] = Response("student t", i);
        var batch = new VariationalBatch(inducing, x, y, ones, 20, 1, 1);
        Assert.Equal(best.Bound, batch.Bound(density, best.Q), 1e-8);
        foreach (double step in (double[])[0.01, 0.1, 1])
            Assert.True(batch.Bound(density, batch.Step(density, best.Q, step)) <= best.Bound + 1e-6);
    }

    [Theory, MemberData(nameof(All))]
    public void Weights_count_rows_and_offsets_are_the_functions_own(string name)
    {
        var (likelihood, _) = Rows(name);
        var given = Given(likelihood) with { Inference = Every(1000), StandardizeFeatures = false, StandardizeLabel = false };
        double[] y = [.. Enumerable.Range(0, N).Select(i => Response(name, i))];
        double[] weights = [.. Enumerable.Range(0, N).Select(i => 1.0 + i % 3)], offsets = [.. Enumerable.Range(0, N).Select(i => 0.1 * (i % 4))];
        int[] places = [.. Enumerable.Range(0, N).SelectMany(i => Enumerable.Repeat(i, 1 + i % 3))];
        var once = Fit(given, new MatrixDesign(inputs, y, weights: weights, offsets: offsets));
        var many = Fit(
            given,
            new MatrixDesign(
                [.. places.SelectMany(i => inputs[(2 * i)..(2 * i + 2)])], [.. places.Select(i => y[i])],
                offsets: [.. places.Select(i => offsets[i])]));
        Assert.Equal(many.Summary.LogMarginalLikelihood, once.Summary.LogMarginalLikelihood, 1e-6);
        Assert.Equal(many.Predict(inputs.AsSpan(0, 2), 0.7).Mean, once.Predict(inputs.AsSpan(0, 2), 0.7).Mean, 1e-6);
        if (name != "poisson")
            return;
        // An offset that is the same in every row is a mean; k is the same.
        var plain = Fit(given, new MatrixDesign(inputs, y));
        var shifted = Fit(
            given, new MatrixDesign(inputs, y, offsets: [.. y.Select(_ => 0.4)]));
        double[] mean = new double[N], other = new double[N];
        plain.PredictLatent(inputs, mean, default);
        shifted.PredictLatent(inputs, other, default);
        Assert.Contains(Enumerable.Range(0, N), i => Math.Abs(mean[i] - other[i]) > 0.05);
    }

    [Theory, MemberData(nameof(All))]
    public void Saved_and_read_it_scores_the_same_and_threads_change_nothing(string name)
    {
        var (likelihood, design) = Rows(name);
        var options = Given(likelihood) with { Optimize = true, Inference = Every(10) with { Steps = 20, BatchSize = 16 }, Seed = 3 };
        var model = Fit(options, design);
        var scores = Scores(model);
        Assert.Equal(scores, Scores(Fit(options with { NumberOfThreads = 3 }, design)));
        using var stream = new MemoryStream();
        model.Write(new BinaryWriter(stream));
        stream.Position = 0;
        var read = GaussianProcessModel.Read(new BinaryReader(stream));
        Assert.Equal(scores, Scores(read));
        Assert.Equal("SVGP", read.Inference);
    }

    [Fact]
    public void What_cannot_be_fitted_is_said()
    {
        var (likelihood, _) = Rows("poisson");
        double[] y = [.. Enumerable.Range(0, N).Select(i => i == 6 ? 2.5 : 1)];
        Assert.Contains("row 7 of 'y' is 2.5", Message(likelihood, y, new()), StringComparison.Ordinal);
        y[6] = 1;
        Assert.Contains("rows of both classes", Message(new BernoulliLikelihood(), y, new()), StringComparison.Ordinal);
        Assert.Contains(
            "SVGP takes no white kernel", Message(likelihood, y, new() { Kernel = Kernel.Parse("rbf + white") }), StringComparison.Ordinal);
        Assert.Contains(
            "inducing inputs repeat, or lengthscales",
            Message(likelihood, y, new() { Kernel = new RbfKernel { Lengthscale = [1e4] }, Optimize = false }, Every(60) with { Jitter = 0 }),
            StringComparison.Ordinal);
        foreach (var inference in (GaussianProcessInference[])[new SparseVariationalInference(), new ConjugateGradientInference()])
            Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessFitter(new() { Likelihood = likelihood, Inference = inference }));

        string Message(LatentLikelihood of, double[] response, GaussianProcessOptions options, StochasticVariationalInference? inference = null) =>
            Assert.Throws<InvalidOperationException>(() => Fit(
                options with { Likelihood = of, Inference = inference ?? Every(10) }, new MatrixDesign(inputs, response))).Message;
    }

    private static StochasticVariationalInference Every(int inducing) =>
        new() { InducingInputs = inducing, Selection = InducingSelection.Random, Jitter = 1e-9 };

    private static GaussianProcessOptions Given(LatentLikelihood likelihood) => new()
    {
        Kernel = new MaternKernel(MaternSmoothness.ThreeHalves) { Variance = 1.5 },
        Likelihood = likelihood,
        Optimize = false,
        Restarts = 0,
    };

    private static GaussianProcessModel Fit(GaussianProcessOptions options, Design design) => new GaussianProcessFitter(
        options, options.Likelihood is BernoulliLikelihood ? PredictionTask.BinaryClassification : PredictionTask.Regression)
            .Fit(design, TrainingMonitor.None);

    private static (LatentLikelihood Likelihood, Design Design) Rows(string name) => (
        name switch
        {
            "logit" => new BernoulliLikelihood(),
            "probit" => new BernoulliLikelihood(Links.Probit),
            "poisson" => new PoissonLikelihood(),
            "negative binomial" => new NegativeBinomialLikelihood { Theta = 2 },
            _ => new StudentTLikelihood { Scale = 0.3 },
        },
        new MatrixDesign(inputs, [.. Enumerable.Range(0, N).Select(i => Response(name, i))]));

    private static double Response(string name, int i)
    {
        double f = Math.Sin(inputs[2 * i]) + 0.3 * inputs[2 * i + 1] - 1.5, u = i * 0.6180339887 % 1;
        return name switch
        {
            "logit" or "probit" => u < 1 / (1 + Math.Exp(-3 * f)) ? 1 : 0,
            "student t" => 20 + f + 0.2 * (u - 0.5) + (i % 11 == 5 ? 6 : 0),
            _ => PoissonDistribution.Quantile(0.05 + 0.9 * u, Math.Exp(0.5 + f)),
        };
    }

    private static float[] Scores(GaussianProcessModel model)
    {
        int width = model.Outputs.Count;
        var values = new float[N * width];
        model.Score(new RowBlock(N, 2, inputs), new OutputBlock(values, width));
        return values;
    }
}
