using static TorchSharp.torch;

namespace ProbML.Torch.Tests;

/// <summary>What is one for the whole process can be looked at while nothing else runs.</summary>
[CollectionDefinition(nameof(ProcessWideTests), DisableParallelization = true)]
[Collection(nameof(ProcessWideTests))]
public sealed class ProcessWideTests
{
    [Fact]
    public void The_global_generator_is_left_alone()
    {
        TorchRuntime.EnsureLoaded();
        using var objective = new LinearObjective(3) { Change = TorchTrainerTests.Noise };
        random.manual_seed(3);
        using var before = random.get_rng_state();
        new TorchTrainer(new() { Epochs = 2, ValidationFraction = 0.1 })
            .Train(objective, LinearObjective.Rows(100), TrainingMonitor.None);
        using var after = random.get_rng_state();
        Assert.True(before.bytes.SequenceEqual(after.bytes));
    }

    [Fact]
    public void Memory_is_flat()
    {
        using var objective = new LinearObjective(3) { Change = TorchTrainerTests.Noise };
        var counts = new List<long>();
        var monitor = new TrainingMonitor { CheckAlive = () => counts.Add(Tensor.TotalCount) };
        var options = new TrainingOptions
        {
            Epochs = 30, BatchSize = 50, AverageDecay = 0.99, ClipNorm = 1, ValidationFraction = 0.1,
        };
        new TorchTrainer(options).Train(objective, LinearObjective.Rows(550), monitor);
        Assert.True(counts.Count > 300);
        // The least of many: what waits for the finalizer is counted too.
        long early = counts.Skip(20).Take(100).Min(), late = counts.TakeLast(100).Min();
        Assert.InRange(late - early, -1_000, 5);
    }
}
