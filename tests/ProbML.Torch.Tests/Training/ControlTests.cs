using static TorchSharp.torch;

namespace ProbML.Torch.Tests;

/// <summary>How a training ends, and what it tells on the way.</summary>
public sealed class ControlTests
{
    [Fact]
    public void Early_stopping_gives_the_weights_of_the_best_epoch()
    {
        // The learning rate grows without bound, so that validation gets worse again.
        var options = new TrainingOptions
        {
            Epochs = 100,
            BatchSize = 20,
            LearningRate = 0.002,
            Optimizer = TrainingOptimizer.Sgd,
            Schedule = new Growing(),
            ValidationFraction = 0.3,
            Patience = 3,
        };
        using var objective = new LinearObjective(2);
        var receipt = new TorchTrainer(options).Train(objective, LinearObjective.Rows(200, 2), TrainingMonitor.None);
        Assert.Equal(TrainingEnding.EarlyStopping, receipt.Ending);
        int best = receipt.Epochs.MinBy(epoch => epoch.ValidationLoss)!.Epoch;
        Assert.Equal(best, receipt.BestEpoch);
        Assert.Equal(best + 3, receipt.Epochs.Count);
        using var again = new LinearObjective(2);
        new TorchTrainer(options with { Epochs = best, Patience = null })
            .Train(again, LinearObjective.Rows(200, 2), TrainingMonitor.None);
        Assert.Equal(again.Weights, objective.Weights);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_loss_that_is_no_number_ends_it_with_the_best_weights_and_a_warning(double bad)
    {
        var warnings = new List<string>();
        using var objective = new LinearObjective(2)
        {
            Change = (loss, step) =>
            {
                if (step.Number == 45)
                    step.Record("Kl", loss * (float)bad);
                return step.Number == 45 ? loss * (float)bad : loss;
            },
        };
        var options = new TrainingOptions { Epochs = 20, BatchSize = 10, LearningRate = 0.05 };
        var receipt = new TorchTrainer(options)
            .Train(objective, LinearObjective.Rows(100, 2), new() { Warning = warnings.Add });
        Assert.Equal((TrainingEnding.NotFinite, 4, 4), (receipt.Ending, receipt.BestEpoch, receipt.Epochs.Count));
        Assert.False(receipt.Converged);
        string warning = Assert.Single(warnings);
        Assert.Contains("step 45", warning);
        Assert.Contains("Kl", warning);
        using var four = new LinearObjective(2);
        new TorchTrainer(options with { Epochs = 4 }).Train(four, LinearObjective.Rows(100, 2), TrainingMonitor.None);
        Assert.Equal(four.Weights, objective.Weights);
    }

    [Fact]
    public void A_gradient_that_is_no_number_ends_it_before_the_weights_are_spoilt()
    {
        // √0 has a finite value and an infinite slope.
        using var objective = new LinearObjective(2)
        {
            Change = (loss, step) => step.Number == 3 ? loss + (loss - loss).sqrt() : loss,
        };
        var receipt = new TorchTrainer(new() { Epochs = 5, BatchSize = 10 })
            .Train(objective, LinearObjective.Rows(100, 2), TrainingMonitor.None);
        Assert.Equal((TrainingEnding.NotFinite, 0, 3L), (receipt.Ending, receipt.BestEpoch, receipt.Steps));
        Assert.All(objective.Weights, weight => Assert.True(float.IsFinite(weight) && weight != 0));
    }

    [Fact]
    public void A_loss_that_is_no_number_from_the_start_is_an_error_that_says_so()
    {
        using var objective = new LinearObjective(2) { Change = (loss, _) => loss * float.NaN };
        var e = Assert.Throws<InvalidOperationException>(() => new TorchTrainer(new())
            .Train(objective, LinearObjective.Rows(100, 2), TrainingMonitor.None));
        Assert.Contains("step 1", e.Message);
        Assert.Contains("Loss was NaN", e.Message);
    }

    [Fact]
    public void A_loss_must_be_one_number()
    {
        using var objective = new LinearObjective(2) { Change = (loss, _) => loss.expand(2) };
        Assert.Contains("scalar", Assert.Throws<InvalidOperationException>(() => new TorchTrainer(new())
            .Train(objective, LinearObjective.Rows(100, 2), TrainingMonitor.None)).Message);
    }

    [Fact]
    public void Cancelled_between_steps_it_throws()
    {
        using var source = new CancellationTokenSource();
        using var objective = new LinearObjective(2)
        {
            Change = (loss, step) =>
            {
                if (step.Number == 5)
                    source.Cancel();
                Assert.InRange(step.Number, 1, 5);
                return loss;
            },
        };
        Assert.ThrowsAny<OperationCanceledException>(() => new TorchTrainer(new() { BatchSize = 10 })
            .Train(objective, LinearObjective.Rows(100, 2), new() { Cancellation = source.Token }));
    }

    [Fact]
    public void Progress_tells_epochs_terms_and_rows_per_second()
    {
        var told = new List<TrainingProgress>();
        using var objective = new LinearObjective(2);
        new TorchTrainer(new() { Epochs = 3, ValidationFraction = 0.2 }).Train(
            objective, LinearObjective.Rows(100, 2), new() { Progress = new Listener(told.Add) });
        var epochs = told.Where(one => one.Stage == "Epoch").ToArray();
        Assert.Equal([1, 2, 3], epochs.Select(one => one.Iteration));
        Assert.Equal([80, 160, 240], epochs.Select(one => one.Rows));
        Assert.All(epochs, one => Assert.True(one.RowsPerSecond > 0 && one.Terms["SquaredError"] > one.Objective));
        Assert.All(epochs, one => Assert.True(one.Terms.ContainsKey("Validation")));
        Assert.Equal([1.0 / 3, 2.0 / 3, 1], epochs.Select(one => one.Share!.Value));
        Assert.Equal(told.Select(one => one.Completed).Order(), told.Select(one => one.Completed));
        Assert.Equal(TimeSpan.Zero, told[^1].Remaining);
    }

    [Fact]
    public void Out_of_memory_is_an_error_with_advice()
    {
        using var objective = new LinearObjective(2) { Change = (loss, _) => loss + empty(1L << 46).sum() };
        var e = Assert.Throws<InsufficientMemoryException>(() => new TorchTrainer(new() { BatchSize = 64 })
            .Train(objective, LinearObjective.Rows(100, 2), TrainingMonitor.None));
        Assert.Contains("BatchSize to 32", e.Message);
        Assert.Contains("'cpu'", e.Message);
    }

    [Fact]
    public void The_average_of_weights_is_the_result_where_one_is_asked_for()
    {
        float[] Train(double? decay, int epochs)
        {
            using var objective = new LinearObjective(1);
            new TorchTrainer(new() { Epochs = epochs, BatchSize = 100, LearningRate = 0.1, AverageDecay = decay })
                .Train(objective, LinearObjective.Rows(100, 1), TrainingMonitor.None);
            return objective.Weights;
        }
        double average = 0;
        for (int t = 1; t <= 6; t++)
        {
            double decay = Math.Min(0.5, (1.0 + t) / (10 + t));
            average = decay * average + (1 - decay) * Train(null, t)[0];
        }
        Assert.Equal(average, Train(0.5, 6)[0], 1e-6);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        (TrainingOptions Options, string Name)[] bad =
        [
            (new() { Epochs = 0 }, "Epochs"), (new() { BatchSize = 0 }, "BatchSize"),
            (new() { LearningRate = 0 }, "LearningRate"), (new() { LearningRate = double.NaN }, "LearningRate"),
            (new() { WeightDecay = -1 }, "WeightDecay"), (new() { ClipNorm = 0 }, "ClipNorm"),
            (new() { ValidationFraction = 1 }, "ValidationFraction"), (new() { Patience = 3 }, "Patience"),
            (new() { Patience = 0, ValidationFraction = 0.1 }, "Patience"), (new() { AverageDecay = 1 }, "AverageDecay"),
            (new() { Threads = 0 }, "Threads"), (new() { MemoryBudget = -1 }, "MemoryBudget"),
            (new() { ShuffleRows = 0 }, "ShuffleRows"), (new() { CheckpointSteps = 5 }, "CheckpointSteps"),
            (new() { MinimumImprovement = -1 }, "MinimumImprovement"), (new() { Precision = (TrainingPrecision)9 }, "Precision"),
            (new() { Optimizer = new AdamOptimizer { Beta1 = 1 } }, "Beta1"),
            (new() { Optimizer = new SgdOptimizer { Nesterov = true } }, "Nesterov"),
            (new() { Optimizer = new LbfgsOptimizer { History = 0 } }, "History"),
            (new() { Optimizer = TrainingOptimizer.Lbfgs, AverageDecay = 0.9 }, "AverageDecay"),
        ];
        foreach (var (options, name) in bad)
        {
            var e = Assert.Throws<ArgumentOutOfRangeException>(() => new TorchTrainer(options));
            Assert.Equal(name, e.ParamName);
            Assert.Contains(name, e.Message);
        }
    }

    private sealed record Growing : LearningRateSchedule
    {
        public override double Factor(in SchedulePoint point) => Math.Pow(1.1, point.Step);
    }

    private sealed class Listener(Action<TrainingProgress> tell) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => tell(value);
    }
}
