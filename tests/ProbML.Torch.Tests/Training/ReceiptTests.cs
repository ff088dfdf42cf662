namespace ProbML.Torch.Tests;

public sealed class ReceiptTests
{
    [Fact]
    public void A_receipt_says_what_was_done_and_survives_json()
    {
        using var objective = new LinearObjective(2);
        var receipt = new TorchTrainer(new() { Epochs = 3, ValidationFraction = 0.25, Seed = 17, LearningRate = 0.02 })
            .Train(objective, LinearObjective.Rows(100, 2), TrainingMonitor.None);
        Assert.Equal(("LinearObjective", 75L, 25L, 17, "cpu"),
            (receipt.Objective, receipt.Rows, receipt.ValidationRows, receipt.Seed, receipt.Device));
        Assert.Equal(["x1", "x2", "y"], [.. receipt.Features, receipt.Response!]);
        Assert.Equal("0.02", receipt.Options["LearningRate"]);
        Assert.Equal("0.107.0", receipt.Versions["TorchSharp"]);
        Assert.Equal((3L, 64), (receipt.Parameters, receipt.DataHash.Length));
        Assert.True(receipt.Seconds >= receipt.Epochs.Sum(epoch => epoch.Seconds) && receipt.Epochs.Count == 3);
        string json = receipt.ToJson();
        Assert.Equal(json, TrainingReceipt.FromJson(json).ToJson());
        Assert.Contains("\"ending\": \"Completed\"", json);
    }

    [Fact]
    public void Numbers_that_are_none_survive() => Assert.True(double.IsNaN(TrainingReceipt.FromJson(
        new TrainingReceipt { DataHash = "", Rows = 1, Epochs = [new() { ValidationLoss = double.NaN }] }.ToJson())
        .Epochs[0].ValidationLoss!.Value));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"format\":99,\"dataHash\":\"\",\"rows\":1}")]
    public void What_is_no_receipt_is_refused(string json) =>
        Assert.Throws<FormatException>(() => TrainingReceipt.FromJson(json));
}
