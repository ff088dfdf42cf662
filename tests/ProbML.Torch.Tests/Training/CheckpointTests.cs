using static TorchSharp.torch;

namespace ProbML.Torch.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "probml-checkpoint-" + Guid.NewGuid().ToString("N"));

    public static TheoryData<string> Trainings =>
        ["Adam", "Momentum", "Lbfgs", "Average", "Streamed", "Validation", "Plateau", "Dropout"];

    [Theory]
    [MemberData(nameof(Trainings))]
    public void A_killed_training_resumes_to_the_same_bits(string name)
    {
        var options = Options(name);
        var whole = Train(options, name, kill: null);
        foreach (int kill in name == "Lbfgs" ? [3] : new[] { 7, 23, 24 })
        {
            var kept = options with { CheckpointFolder = Path.Combine(folder, kill.ToString()), CheckpointSteps = 3 };
            Assert.Throws<Killed>(() => Train(kept, name, kill));
            var resumed = Train(kept, name, kill: null);
            Assert.Equal(1, resumed.Receipt.Resumed);
            Assert.Equal(whole.Weights, resumed.Weights);
            Assert.Equal(whole.Receipt.Steps, resumed.Receipt.Steps);
            Assert.Equal(whole.Receipt.BestEpoch, resumed.Receipt.BestEpoch);
            Assert.Equal(whole.Receipt.Epochs.Select(Figures), resumed.Receipt.Epochs.Select(Figures));
        }
    }

    [Fact]
    public void A_finished_training_is_found_finished_and_can_be_prolonged()
    {
        var options = Options("Adam") with { CheckpointFolder = folder };
        var first = Train(options, "Adam", kill: null);
        var again = Train(options, "Adam", kill: 1);         // takes no step that could be killed
        Assert.Equal(first.Weights, again.Weights);
        var longer = Train(options with { Epochs = 6 }, "Adam", kill: null);
        var whole = Train(options with { Epochs = 6, CheckpointFolder = null }, "Adam", kill: null);
        Assert.Equal(whole.Weights, longer.Weights);
    }

    [Fact]
    public void Another_training_in_the_same_folder_begins_anew()
    {
        var options = Options("Adam") with { CheckpointFolder = folder };
        Train(options, "Adam", kill: null);
        foreach (var other in new[] { options with { LearningRate = 0.02 }, options with { Seed = 9 } })
        {
            var kept = Train(other, "Adam", kill: null);
            Assert.Equal(0, kept.Receipt.Resumed);
            Assert.Equal(Train(other with { CheckpointFolder = null }, "Adam", kill: null).Weights, kept.Weights);
        }
        Assert.Equal(3, Directory.GetFiles(folder, "*.checkpoint").Length);
    }

    [Fact]
    public void A_damaged_checkpoint_is_named_and_nothing_is_lost()
    {
        var options = Options("Adam") with { CheckpointFolder = folder };
        var whole = Train(options, "Adam", kill: null);
        string path = Assert.Single(Directory.GetFiles(folder, "*.checkpoint"));
        byte[] good = File.ReadAllBytes(path);
        var random = new Random(1);
        for (int i = 0; i < 20; i++)
        {
            byte[] bad = i % 4 == 0 ? good[..random.Next(good.Length)] : [.. good];
            if (i % 4 != 0)
                bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, bad);
            var e = Assert.Throws<FormatException>(() => Train(options, "Adam", kill: null));
            Assert.Contains(path, e.Message);
            Assert.Contains(".previous", e.Message);
            Assert.Equal(bad, File.ReadAllBytes(path));
        }
        File.Move(path + ".previous", path, overwrite: true);
        Assert.Equal(whole.Weights, Train(options, "Adam", kill: null).Weights);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_warns_and_training_goes_on()
    {
        string file = folder;
        File.WriteAllText(file, "");                         // a file where the folder would be
        var warnings = new List<string>();
        var options = Options("Adam") with { CheckpointFolder = Path.Combine(file, "inside") };
        using var objective = new LinearObjective(3);
        var receipt = new TorchTrainer(options)
            .Train(objective, LinearObjective.Rows(100), new() { Warning = warnings.Add });
        Assert.Equal(TrainingEnding.Completed, receipt.Ending);
        Assert.Contains("could not be written", warnings[0]);
    }

    public void Dispose()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        File.Delete(folder);
    }

    private static (int, double, double?, double, double, double) Figures(TrainingEpoch epoch) => (
        epoch.Epoch, epoch.Loss, epoch.ValidationLoss, epoch.GradientNorm, epoch.LearningRate, epoch.Terms["SquaredError"]);

    private static TrainingOptions Options(string name)
    {
        var options = new TrainingOptions { Epochs = 4, BatchSize = 10, LearningRate = 0.05, Seed = 3 };
        return name switch
        {
            "Momentum" => options with { Optimizer = new SgdOptimizer { Momentum = 0.9 }, ClipNorm = 1 },
            "Lbfgs" => options with { Optimizer = TrainingOptimizer.Lbfgs, Epochs = 8 },
            "Average" => options with { AverageDecay = 0.9, WeightDecay = 0.1 },
            "Streamed" => options with { MemoryBudget = 0, ShuffleRows = 30, ValidationFraction = 0.2 },
            "Validation" => options with { ValidationFraction = 0.2, Patience = 2 },
            "Plateau" => options with
            {
                Schedule = LearningRateSchedule.WarmUp(10) * LearningRateSchedule.ReduceOnPlateau(0.5, 0),
            },
            _ => options,
        };
    }

    private static (float[] Weights, TrainingReceipt Receipt) Train(TrainingOptions options, string name, int? kill)
    {
        using var objective = new Network(kill, name == "Dropout" ? 0.2 : 0, isDeterministic: name == "Lbfgs");
        var receipt = new TorchTrainer(options)
            .Train(objective, LinearObjective.Rows(100, noise: 1), TrainingMonitor.None);
        return ([.. objective.Module.parameters().SelectMany(one => one.detach().data<float>().ToArray())], receipt);
    }

    private sealed class Killed : Exception;

    /// <summary>A small network whose loss draws noise, and which dies at a step.</summary>
    private sealed class Network : ITrainingObjective, IDisposable
    {
        private readonly MultilayerPerceptron network;
        private readonly int? kill;
        private readonly bool isDeterministic;

        public Network(int? kill, double dropout, bool isDeterministic)
        {
            TorchRuntime.EnsureLoaded();
            (this.kill, this.isDeterministic) = (kill, isDeterministic);
            using var random = new Generator(11);
            network = new(3, 1, random, new() { HiddenSizes = [8], Activation = Activation.Tanh, Dropout = dropout });
        }

        public nn.Module Module => network;

        public Tensor Loss(TrainingBatch batch, TrainingStep step)
        {
            if (kill is { } number && step.Number >= number && step.IsTraining)
                throw new Killed();
            var x = isDeterministic
                ? batch.Features
                : batch.Features + 0.1f * randn(batch.Features.shape, generator: step.Random);
            var error = batch.Mean((network.call(x).squeeze(1) - batch.Response!).square());
            step.Record("SquaredError", error);
            return error;
        }

        public void Dispose() => network.Dispose();
    }
}
