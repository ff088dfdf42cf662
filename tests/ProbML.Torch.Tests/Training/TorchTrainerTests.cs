using static TorchSharp.torch;

namespace ProbML.Torch.Tests;

public sealed class TorchTrainerTests
{
    [Theory]
    [InlineData("Adam")]
    [InlineData("AdamW")]
    [InlineData("Sgd")]
    [InlineData("Momentum")]
    [InlineData("Lbfgs")]
    public void Each_optimizer_finds_the_coefficients(string name)
    {
        using var objective = new LinearObjective(3);
        var (optimizer, rate) = name switch
        {
            "Adam" => ((TrainingOptimizer)TrainingOptimizer.Adam, 0.05),
            "AdamW" => (TrainingOptimizer.AdamW, 0.05),
            "Sgd" => (TrainingOptimizer.Sgd, 0.3),
            "Momentum" => (new SgdOptimizer { Momentum = 0.9, Nesterov = true }, 0.05),
            _ => (TrainingOptimizer.Lbfgs, 1),
        };
        var receipt = new TorchTrainer(new() { Epochs = 60, BatchSize = 32, LearningRate = rate, Optimizer = optimizer })
            .Train(objective, LinearObjective.Rows(500), TrainingMonitor.None);
        AssertCoefficients(objective, 1e-3);
        Assert.True(receipt.Epochs[^1].Loss < 1e-5);
        Assert.Equal(2 * receipt.Epochs[0].Loss, receipt.Epochs[0].Terms["SquaredError"], 1e-4);
        if (optimizer is LbfgsOptimizer)
        {
            Assert.Equal(TrainingEnding.Converged, receipt.Ending);
            Assert.True(receipt.Steps < 20, $"{receipt.Steps} iterations for a quadratic function of 4 variables.");
            return;
        }
        Assert.Equal((60 * 16, 60), (receipt.Steps, receipt.Epochs.Count));
        Assert.Equal(TrainingEnding.Completed, receipt.Ending);
    }

    [Fact]
    public void Weighted_rows_count_as_often_as_they_weigh()
    {
        // Rows 0, 1, 1 without weights, and 0, 1 with weights 1, 2: the same optimum.
        using var objective = new LinearObjective(1);
        var lbfgs = new TrainingOptions { Optimizer = TrainingOptimizer.Lbfgs, Precision = TrainingPrecision.DoublePrecision };
        new TorchTrainer(lbfgs).Train(objective, new MatrixDesign([0, 0], [0, 1], weights: [1, 2]), TrainingMonitor.None);
        using var bias = objective.Module.get_parameter("bias")!.to(ScalarType.Float64);
        Assert.Equal(2.0 / 3, bias.item<double>(), 1e-9);
    }

    [Fact]
    public void Weight_decay_of_lbfgs_is_ridge_regression()
    {
        // One feature ±1: (1 + λ) β = mean xy; the bias shrinks likewise.
        using var objective = new LinearObjective(1);
        new TorchTrainer(new()
        {
            Optimizer = TrainingOptimizer.Lbfgs,
            WeightDecay = 0.5,
            Precision = TrainingPrecision.DoublePrecision,
        }).Train(objective, new MatrixDesign([-1, 1], [1, 4]), TrainingMonitor.None);
        using var weight = objective.Module.get_parameter("weight")!.reshape(1);
        using var bias = objective.Module.get_parameter("bias")!.reshape(1);
        Assert.Equal((1.5 / 1.5, 2.5 / 1.5), (weight.item<double>(), bias.item<double>()), PairComparer.Of(1e-8));
    }

    [Fact]
    public void One_seed_gives_one_model_and_another_another()
    {
        float[] Train(int? seed, int? hostSeed = null)
        {
            using var objective = new LinearObjective(3) { Change = Noise };
            new TorchTrainer(new() { Epochs = 2, Seed = seed, ValidationFraction = 0.1, AverageDecay = 0.9 })
                .Train(objective, LinearObjective.Rows(300), new() { Seed = hostSeed });
            return objective.Weights;
        }
        Assert.Equal(Train(5), Train(5));
        Assert.NotEqual(Train(5), Train(6));
        Assert.Equal(Train(5), Train(null, hostSeed: 5));
        Assert.Equal(Train(null), Train(1));
    }

    [Fact]
    public void Afterwards_the_module_is_on_the_cpu_in_eval_mode_without_gradients()
    {
        using var objective = new LinearObjective(3);
        int threads = get_num_threads();
        new TorchTrainer(new() { Epochs = 1, Threads = 2 })
            .Train(objective, LinearObjective.Rows(100), TrainingMonitor.None);
        Assert.False(objective.Module.training);
        Assert.All(objective.Module.parameters(), one => Assert.True(one.grad is null || one.grad.abs().sum().item<float>() == 0));
        Assert.Equal(threads, get_num_threads());
    }

    [Fact]
    public void Rows_that_are_tensors_train_and_stay()
    {
        using var objective = new LinearObjective(2);
        using var x = tensor(new float[] { 1, 0, 0, 1, 1, 1, 0, 0 }).reshape(4, 2);
        using var y = tensor(new float[] { 3, -2, 0, 1 });
        new TorchTrainer(new() { Optimizer = TrainingOptimizer.Lbfgs, Epochs = 50 })
            .Train(objective, new TrainingBatch(x, y), TrainingMonitor.None);
        Assert.Equal(1, objective.Bias, 1e-3);
        Assert.Equal(8, x.NumberOfElements);
    }

    internal static void AssertCoefficients(LinearObjective objective, double tolerance)
    {
        Assert.Equal(1, objective.Bias, tolerance);
        for (int j = 0; j < objective.Weights.Length; j++)
            Assert.Equal(LinearObjective.Coefficient(j), objective.Weights[j], tolerance);
    }

    internal static Tensor Noise(Tensor loss, TrainingStep step) =>
        loss * (1 + 0.1f * rand(1, generator: step.Random).squeeze());

    private sealed class PairComparer(double tolerance) : IEqualityComparer<(double, double)>
    {
        public static PairComparer Of(double tolerance) => new(tolerance);

        public bool Equals((double, double) x, (double, double) y) =>
            Math.Abs(x.Item1 - y.Item1) < tolerance && Math.Abs(x.Item2 - y.Item2) < tolerance;

        public int GetHashCode((double, double) obj) => 0;
    }
}
