#!/usr/bin/env dotnet
#:project ../../src/ProbML.Torch/ProbML.Torch.csproj
#:package TorchSharp-cpu
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false
// A distribution of any shape, given features, by a normalizing flow: dotnet run samples/apps/flow.cs
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;
using ProbML.Flows;

var mlContext = new MLContext(seed: 1);
string path = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "../HonestIntervals/concrete.csv");
var concrete = mlContext.Data.LoadFromTextFile(
    path, [new("Features", DataKind.Single, 0, 7), new("Strength", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);
var split = mlContext.Data.TrainTestSplit(concrete, testFraction: 0.25);
// <flow>
var trainer = mlContext.Regression.Trainers.ConditionalFlow("Strength", "Features", new()
{
    Level = 0.9,
    Training = new() { Epochs = 60, BatchSize = 64, ClipNorm = 5, Schedule = LearningRateSchedule.Cosine() },
});
using var flow = trainer.Fit(split.TrainSet);
// </flow>
var linear = mlContext.Regression.Trainers.LinearRegression("Strength").Fit(split.TrainSet);
foreach (var (name, model) in new (string, ITransformer)[] { ("flow", flow), ("linear", linear) })
{
    var metrics = mlContext.Regression.EvaluateProbabilistic(model.Transform(split.TestSet), "Strength");
    Console.WriteLine($"{name}: log density {metrics.MeanLogDensity.Value:F2} nats a row, CRPS {metrics.ContinuousRankedProbabilityScore.Value:F2} MPa, "
        + $"its intervals hold {metrics.IntervalCoverage.Value:P0}");
}
