using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Whole fits by inferences for many rows, against the exact one.</summary>
public sealed class SparseFitTests
{
    private const int N = 250;

    private static readonly double[] features = [.. KernelTests.Inputs(N, 2, seed: 33).ToRows().Select(x => 10 + 4 * x)];

    private static readonly double[] response =
    [
        .. Enumerable.Range(0, N).Select(i => 100 + 20 * Math.Sin(0.6 * features[2 * i]) + 3 * features[2 * i + 1] + 4 * Math.Cos(57.3 * i)),
    ];

    private static readonly MatrixDesign rows = new(features, response, ["a", "b"], responseName: "Strength");

    public static TheoryData<string> Inferences => ["SGPR", "FITC", "SVGP", "CG"];

    [Theory, MemberData(nameof(Inferences))]
    public void Predictions_are_near_the_exact_ones(string name)
    {
        var exact = Scores(Fit(GaussianProcessInference.Exact), features);
        var model = Fit(Inference(name));
        var found = Scores(model, features);
        Assert.Equal(N, model.Summary.Rows);
        Assert.True(model.Summary.IsApproximate);
        double difference = Math.Sqrt(exact.Zip(found, (one, two) => Math.Pow(one[0] - two[0], 2)).Average());
        Assert.True(difference < 1, $"{difference} from the exact means, of a noise of 2.8");
        double deviation = exact.Zip(found, (one, two) => Math.Abs(one[2] / two[2] - 1)).Max();
        Assert.True(deviation < 0.1, $"standard deviations are off by {deviation:P0}");
    }

    [Theory, MemberData(nameof(Inferences))]
    public void At_given_hyperparameters_with_every_input_it_is_the_exact_model(string name)
    {
        if (name == "FITC")
            return;
        GaussianProcessOptions given = new() { Optimize = false, Kernel = new MaternKernel(MaternSmoothness.ThreeHalves) };
        var exact = Fit(GaussianProcessInference.Exact, given);
        var model = Fit(
            name switch
            {
                "SGPR" => new SparseVariationalInference { InducingInputs = 10_000, Jitter = 0 },
                "SVGP" => new StochasticVariationalInference { InducingInputs = 10_000, Selection = InducingSelection.Random, Jitter = 0 },
                _ => new ConjugateGradientInference { VarianceRank = N, PreconditionerRank = N, Tolerance = 1e-9 },
            },
            given);
        Assert.Equal(exact.Summary.LogMarginalLikelihood, model.Summary.LogMarginalLikelihood, 1e-4);
        foreach (var (one, two) in Scores(exact, features).Zip(Scores(model, features)))
            foreach (int k in (int[])[0, 2, 3, 4, 5, 6])
                Assert.Equal(one[k], two[k], 2e-3f * Math.Max(1, Math.Abs(one[k])));
    }

    [Theory, MemberData(nameof(Inferences))]
    public void Saved_and_read_it_scores_the_same(string name)
    {
        var model = Fit(Inference(name), new() { Optimize = false });
        using var stream = new MemoryStream();
        model.Write(new BinaryWriter(stream));
        stream.Position = 0;
        Assert.Equal(Scores(model, features), Scores(GaussianProcessModel.Read(new BinaryReader(stream)), features));
    }

    [Theory, MemberData(nameof(Inferences))]
    public void Duplicate_rows_and_constant_features_do_no_harm(string name)
    {
        double[] x = [.. Enumerable.Range(0, 120).SelectMany(i => new double[] { i % 12, 7 })];
        double[] y = [.. Enumerable.Range(0, 120).Select(i => Math.Sin(i % 12) + 0.1 * Math.Cos(31.7 * i))];
        var model = Fit(Inference(name), new(), new MatrixDesign(x, y));
        foreach (float[] row in Scores(model, x))
            Assert.All(row.Where((_, k) => k != 1), value => Assert.True(float.IsFinite(value)));
    }

    [Theory, MemberData(nameof(Inferences))]
    public void What_cannot_be_fitted_is_said(string name)
    {
        var inference = Inference(name);
        Assert.Contains("noise variance above zero", Message(new() { Likelihood = GaussianProcessLikelihood.Gaussian(0, isFixed: true) }, rows), StringComparison.Ordinal);
        Assert.Contains("'Strength' are equal", Message(new(), new MatrixDesign(features, new double[N], ["a", "b"], responseName: "Strength")), StringComparison.Ordinal);
        double[] broken = [.. features];
        broken[2 * 16 + 1] = double.NaN;
        Assert.Contains("row 17 of 'b' is NaN", Message(new(), new MatrixDesign(broken, response, ["a", "b"])), StringComparison.Ordinal);
        Assert.Contains("No valid training instances", Message(new(), new MatrixDesign(features, response, weights: new double[N])), StringComparison.Ordinal);

        string Message(GaussianProcessOptions options, Design design) =>
            Assert.Throws<InvalidOperationException>(() => Fit(inference, options, design)).Message;
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        GaussianProcessInference[] wrong =
        [
            new SparseVariationalInference { InducingInputs = 0 }, new SparseVariationalInference { Jitter = -1 },
            new StochasticVariationalInference { NaturalStep = 1.5 }, new StochasticVariationalInference { BatchSize = 0 },
            new ConjugateGradientInference { Tolerance = 0 }, new ConjugateGradientInference { Probes = 0 },
        ];
        Assert.All(wrong, one => Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessFitter(new() { Inference = one })));
        var white = Assert.Throws<InvalidOperationException>(() => Fit(new StochasticVariationalInference(), new() { Kernel = Kernel.Parse("rbf + white") }));
        Assert.Contains("SVGP takes no white kernel", white.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Inferences))]
    public void Offsets_are_added_and_weights_divide_the_noise(string name)
    {
        double[] offsets = [.. Enumerable.Range(0, N).Select(i => (double)(i % 9))], weights = [.. Enumerable.Repeat(2.0, N)];
        double[] shifted = response.Zip(offsets, (y, offset) => y + offset).ToArray();
        GaussianProcessOptions given = new() { Optimize = false, Likelihood = GaussianProcessLikelihood.Gaussian(0.2) };
        var plain = Fit(Inference(name), given with { Likelihood = GaussianProcessLikelihood.Gaussian(0.1) });
        var other = Fit(Inference(name), given, new MatrixDesign(features, shifted, ["a", "b"], weights, offsets));
        foreach (var (one, two) in Scores(plain, features).Zip(Scores(other, features)))
            Assert.Equal(one[0], two[0], 0.1f);           // rounding of y + offset draws another sample
    }

    [Theory, MemberData(nameof(Inferences))]
    public void One_seed_is_one_model_in_whatever_order_blocks_come(string name)
    {
        var once = Scores(Fit(Inference(name)), features);
        Assert.Equal(once, Scores(Fit(Inference(name), new() { NumberOfThreads = 3 }), features));
    }

    private static GaussianProcessInference Inference(string name) => name switch
    {
        "SGPR" => new SparseVariationalInference { InducingInputs = 40 },
        "FITC" => new SparseVariationalInference { InducingInputs = 40, Approximation = SparseApproximation.Fitc },
        "SVGP" => new StochasticVariationalInference { InducingInputs = 40, BatchSize = 64, Steps = 100 },
        _ => new ConjugateGradientInference { VarianceRank = 60, PreconditionerRank = 30, Steps = 3 },
    };

    private static GaussianProcessModel Fit(GaussianProcessInference inference, GaussianProcessOptions? options = null, Design? design = null) =>
        new GaussianProcessFitter((options ?? new()) with { Inference = inference, Restarts = 0, RestartRows = 150 })
            .Fit(design ?? rows, TrainingMonitor.None);

    private static float[][] Scores(GaussianProcessModel model, double[] x)
    {
        int n = x.Length / 2, width = model.Outputs.Count;
        var values = new float[n * width];
        model.Score(new RowBlock(n, 2, x), new OutputBlock(values, width));
        return [.. values.Chunk(width)];
    }
}
