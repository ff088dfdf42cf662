using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.DensityRatios;
using ProbML.Laws;
using ProbML.Numerics.Tests.DensityRatios;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.DensityRatios;

public sealed class RatioNetworkTests
{
    private static readonly RatioNetworkOptions Small = new()
    {
        Hidden = [16, 16],
        Training = new() { Epochs = 40, BatchSize = 100, ClipNorm = 5, LearningRate = 3e-3, AverageDecay = 0.99, Seed = 3, Threads = 1 },
    };

    /// <summary>The peer's root mean square errors, of 64-64 units stopped early.</summary>
    [Theory]
    [InlineData("gauss_shift_cov", 0.665), InlineData("gauss_shift_only", 0.139), InlineData("mixture_vs_gauss", 1.075)]
    public void A_known_ratio_is_found_at_least_as_well_as_by_the_peer(string name, double peer)
    {
        using var model = new RatioNetworkFitter(new() { Training = new RatioNetworkOptions().Training with { Threads = 1, Seed = 1 } })
            .Fit(KnownRatio.Train(name).Design, TrainingMonitor.None);
        Assert.InRange(KnownRatio.Test(name).Error(model, isFloored: true), 0, peer);
        Assert.True(model.Converged);
    }

    /// <summary>Every loss is least at the true ratio: ln r = s x − s²/2 of normals a shift s apart, whatever the sizes of the samples.</summary>
    [Theory]
    [InlineData(RatioLoss.Logistic), InlineData(RatioLoss.LeastSquares), InlineData(RatioLoss.Exponential), InlineData(RatioLoss.KullbackLeibler)]
    public void Every_loss_finds_the_ratio_and_takes_the_prior_out(RatioLoss loss)
    {
        var (x, y) = Normals(6000, shift: 0.7, every: 3, seed: 5);
        using var model = new RatioNetworkFitter(Small with { Loss = loss }).Fit(new MatrixDesign(x, y), TrainingMonitor.None);
        foreach (double at in new[] { -1.0, 0, 0.7, 1.5 })
            Assert.Equal(0.7 * at - 0.245, model.LogRatio([at]), 0.25);
        float[] outputs = new float[5];
        model.Score(new(1, 1, new double[] { 0.35 }), new(outputs, 5));
        Assert.Equal(Math.Log(0.5), outputs[0] - outputs[2], 1e-5);              // a third of the rows are the numerator's
        Assert.Equal(1 / (1 + Math.Exp(-outputs[0])), outputs[1], 1e-6);
        Assert.Equal(Math.Exp(outputs[2]), outputs[3], 1e-5);
        Assert.Equal(model.Weight(outputs[2]), outputs[4], 1e-5);
        Assert.Equal(0.245, model.Statistics.Divergences.KullbackLeibler.Value, 0.1);
        Assert.InRange(model.Statistics.EffectiveSampleSize, 1000, 4000);
        Assert.True(double.IsNaN(model.LogRatio([double.NaN])) && double.IsNaN(model.LogRatio([double.PositiveInfinity])));
    }

    /// <summary>The gradient of each loss in f vanishes at the true ratio: Σ p l₁′(f) + q l₀′(f) = 0 pointwise.</summary>
    [Theory]
    [InlineData(RatioLoss.Logistic), InlineData(RatioLoss.LeastSquares), InlineData(RatioLoss.Exponential), InlineData(RatioLoss.KullbackLeibler)]
    public void A_losss_slope_is_zero_at_the_ratio_and_not_beside_it(RatioLoss loss)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        const double Ratio = 2.5;
        foreach (double off in new[] { -0.3, 0, 0.3 })
        {
            // A network of no hidden layer, its weight zero: f is its bias.
            using var network = new MultilayerPerceptron(1, 1, random, new() { HiddenSizes = [] });
            foreach (var (name, parameter) in network.named_parameters())
            {
                using var none = no_grad();
                parameter.fill_(name.EndsWith("bias", StringComparison.Ordinal) ? Math.Log(Ratio) + off : 0);
            }
            var objective = new RatioObjective(network, loss, (1, Ratio), "");        // p is 2.5 times q here
            var batch = new TrainingBatch(zeros(2, 1), tensor([0f, 1f]));
            objective.Loss(batch, null!).backward();
            double slope = network.named_parameters().Single(one => one.name.EndsWith("bias", StringComparison.Ordinal)).parameter
                .grad!.item<float>();
            Assert.Equal(Math.Sign(off), Math.Abs(slope) < 1e-6 ? 0 : Math.Sign(slope));
        }
    }

    [Fact]
    public void The_graph_is_the_network()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(2);
        using var network = new MultilayerPerceptron(3, 1, random, new() { HiddenSizes = [8, 8], Activation = Activation.Silu });
        using var session = new OnnxSession(RatioNetworkFitter.GraphOf(network, 3));
        float[] x = [0.3f, -1, 2, 1.5f, 0, -0.2f], found = new float[2];
        session.Run(2, [OnnxBinding.Of("Features", x.AsMemory())], [OnnxBinding.Of("LogRatio", found.AsMemory())]);
        using var none = no_grad();
        float[] expected = network.call(tensor(x, [2, 3])).data<float>().ToArray();
        for (int i = 0; i < 2; i++)
            Assert.Equal(expected[i], found[i], 1e-5f);
    }

    /// <summary>Over the trainer, Transforms.DensityRatio scores each row by a network that did not see it.</summary>
    [Fact]
    public void It_can_be_cross_fitted_saved_and_loaded()
    {
        var context = new MLContext(1);
        var (x, y) = Normals(200, shift: 1, every: 2, seed: 6);
        var rows = x.Zip(y, (value, isTop) => new Row { Features = [(float)value], Label = isTop > 0 }).ToList();
        var data = context.Data.LoadFromEnumerable(rows);
        var trainer = context.BinaryClassification.Trainers.DensityRatioNetwork(
            options: Small with { Training = Small.Training with { Epochs = 3 } });
        var model = context.Transforms.DensityRatio(trainer, options: new() { Folds = 2, LogOddsColumnName = "Score" }).Fit(data);
        float[] logs = [.. model.Transform(data).GetColumn<float>("LogRatio")];
        float[] whole = [.. model.Classifier.Transform(data).GetColumn<float>("LogRatio")];
        Assert.NotEqual(whole, logs);
        var loaded = new MLContext().Model.Load(new MemoryStream(SavingLaws.Save(context, model, data.Schema)), out _);
        Assert.Equal(logs, loaded.Transform(data).GetColumn<float>("LogRatio"));
        var fresh = context.Data.LoadFromEnumerable(new[] { new Row { Features = [0.123f] } });
        Assert.Equal(
            model.Classifier.Transform(fresh).GetColumn<float>("LogRatio").Single(),
            loaded.Transform(fresh).GetColumn<float>("LogRatio").Single(),
            1e-5f);
        (loaded as IDisposable)?.Dispose();
    }

    [Fact]
    public void Mistakes_are_named()
    {
        Refused("belong to the numerator", () => Fit([1, 2, 3], [1, 1, 1]));
        Refused("in row 3 it is 2", () => Fit([1, 2, 3], [0, 1, 2]));
        Refused("Loss", () => _ = new RatioNetworkFitter(Small with { Loss = (RatioLoss)9 }));
        Refused("MaximumRatio", () => _ = new RatioNetworkFitter(Small with { MaximumRatio = 0 }));
        Refused("HiddenSizes", () => _ = new RatioNetworkFitter(Small with { Hidden = [0] }));
        Refused("Epochs", () => _ = new RatioNetworkFitter(Small with { Training = new() { Epochs = 0 } }));

        static void Fit(double[] x, double[] y) => new RatioNetworkFitter(Small).Fit(new MatrixDesign(x, y), TrainingMonitor.None).Dispose();

        static void Refused(string message, Action action) =>
            Assert.Contains(message, Assert.ThrowsAny<Exception>(action).Message, StringComparison.Ordinal);
    }

    /// <summary>Ten rows against ninety, and samples that do not overlap: finite ratios, and a warning of the latter.</summary>
    [Fact]
    public void Few_rows_and_disjoint_samples_give_finite_ratios()
    {
        var (x, y) = Normals(100, shift: 60, every: 10, seed: 7);
        var warnings = new List<string>();
        using var model = new RatioNetworkFitter(Small with { Training = Small.Training with { Epochs = 400 } })
            .Fit(new MatrixDesign(x, y), new() { Warning = warnings.Add });
        foreach (double value in x)
            Assert.True(double.IsFinite(model.LogRatio([value])) && double.IsFinite(model.Weight(model.LogRatio([value]))));
        Assert.Contains(warnings, text => text.Contains("hardly overlap", StringComparison.Ordinal));
    }

    /// <summary>Standard normals; every so manieth row, the numerator's, is shifted.</summary>
    private static (double[] X, double[] Y) Normals(int count, double shift, int every, int seed)
    {
        var random = new Random(seed);
        double[] y = [.. Enumerable.Range(0, count).Select(i => i % every == 0 ? 1.0 : 0)];
        return ([.. y.Select(one => NormalDistribution.Quantile(1 - random.NextDouble()) + shift * one)], y);
    }

    private sealed class Row
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}
