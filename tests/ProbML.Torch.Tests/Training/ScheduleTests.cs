namespace ProbML.Torch.Tests;

public sealed class ScheduleTests
{
    [Fact]
    public void Factors_follow_their_formulas()
    {
        Assert.Equal(1, At(LearningRateSchedule.Constant, 7));
        Assert.Equal(1, At(LearningRateSchedule.Cosine(0.2), 0), 1e-12);
        Assert.Equal(0.6, At(LearningRateSchedule.Cosine(0.2), 50), 1e-12);
        Assert.Equal(0.2, At(LearningRateSchedule.Cosine(0.2), 100), 1e-12);
        Assert.Equal([0.25, 0.5, 0.75, 1, 1], Enumerable.Range(0, 5).Select(t => At(LearningRateSchedule.WarmUp(4), t)));
        var both = LearningRateSchedule.WarmUp(100) * LearningRateSchedule.Cosine();
        Assert.Equal(0.51 * 0.5, At(both, 50), 1e-12);
        Assert.Equal("warmup(100) * cosine(0)", both.ToString());
        Assert.Equal(LearningRateSchedule.WarmUp(100) * LearningRateSchedule.Cosine(), both);
    }

    [Fact]
    public void A_plateau_reduces_as_ReduceLROnPlateau_does()
    {
        // PyTorch 1.13, ReduceLROnPlateau(factor=0.5, patience=1, threshold=1e-4): factors after each of these losses.
        double[] losses = [1, 0.9, 0.9, 0.9, 0.9, 0.8, 0.81, 0.79999, 0.7];
        double[] factors = [1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25];
        var schedule = LearningRateSchedule.ReduceOnPlateau(0.5, patience: 1);
        for (int n = 1; n <= losses.Length; n++)
            Assert.Equal(factors[n - 1], schedule.Factor(new(n, 100, losses[..n])));
        Assert.Equal(0.5, LearningRateSchedule.ReduceOnPlateau(0.1, 0, minimum: 0.5).Factor(new(9, 100, [1, 1, 1, 1])));
        // Negative losses fall as well: a threshold relative to their magnitude.
        Assert.Equal(1, LearningRateSchedule.ReduceOnPlateau(0.1, 0).Factor(new(9, 100, [-1, -2, -3])));
    }

    [Fact]
    public void Impossible_schedules_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.WarmUp(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.ReduceOnPlateau(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.ReduceOnPlateau(0.5, -1));
    }

    [Fact]
    public void A_training_goes_by_its_schedule()
    {
        using var objective = new LinearObjective(1);
        var receipt = new TorchTrainer(new()
        {
            Epochs = 4,
            BatchSize = 25,
            LearningRate = 0.1,
            Schedule = LearningRateSchedule.WarmUp(8) * LearningRateSchedule.Cosine(),
        }).Train(objective, LinearObjective.Rows(100, 1), TrainingMonitor.None);
        // The last step of the last epoch is step 15 of 16 counted from 0.
        Assert.Equal(0.1 * (1 + Math.Cos(Math.PI * 15 / 16)) / 2, receipt.Epochs[3].LearningRate, 1e-12);
        Assert.Equal(0.1 * 0.5 * (1 + Math.Cos(Math.PI * 3 / 16)) / 2, receipt.Epochs[0].LearningRate, 1e-12);
    }

    private static double At(LearningRateSchedule schedule, long step) => schedule.Factor(new(step, 100, []));
}
