namespace ProbML.Torch.Tests;

public sealed class TorchTrainerTests
{
    [Fact]
    public void Adam_finds_the_coefficients()
    {
        using var objective = new LinearObjective(3);
        var receipt = new TorchTrainer(new() { Epochs = 60, BatchSize = 32, LearningRate = 0.05 })
            .Train(objective, LinearObjective.Rows(500), TrainingMonitor.None);
        Assert.Equal(1, objective.Bias, 1e-3);
        for (int j = 0; j < 3; j++)
            Assert.Equal(LinearObjective.Coefficient(j), objective.Weights[j], 1e-3);
        Assert.Equal(60 * 16, receipt.Steps);
        Assert.Equal(60, receipt.Epochs.Count);
        Assert.Equal(TrainingEnding.Completed, receipt.Ending);
    }
}
