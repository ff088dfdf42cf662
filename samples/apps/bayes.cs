#!/usr/bin/env dotnet
#:project ../../src/ProbML/ProbML.csproj
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false
// What many rows take away of a prediction's uncertainty, and what stays: dotnet run samples/apps/bayes.cs
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;

var mlContext = new MLContext(seed: 1);
string path = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "../HonestIntervals/concrete.csv");
var concrete = mlContext.Data.ShuffleRows(mlContext.Data.LoadFromTextFile(
    path, [new("Features", DataKind.Single, 0, 7), new("Strength", DataKind.Single, 8)], separatorChar: ',', hasHeader: true), seed: 1);
var asked = mlContext.Data.TakeRows(concrete, 1);
// <update>
var options = new BayesianLinearOptions { Inference = LinearInference.Evidence() };
foreach (int rows in (int[])[20, 100, 1_000])
{
    var model = mlContext.Transforms.NormalizeMeanVariance("Features")
        .Append(mlContext.Regression.Trainers.BayesianLinearRegression(options, "Strength"))
        .Fit(mlContext.Data.TakeRows(mlContext.Data.SkipRows(concrete, 1), rows));
    var predicted = model.Transform(asked);
    float Of(string column) => predicted.GetColumn<float>(column).Single();
    Console.WriteLine($"{rows,5} rows: {Of("Score"):F1} MPa ± {Of("ScoreStandardDeviation"):F1}, "
        + $"of not knowing the mean {Of("EpistemicStandardDeviation"):F1}, of chance {Of("AleatoricStandardDeviation"):F1}; "
        + $"95 % between {Of("LowerBound"):F0} and {Of("UpperBound"):F0}");
}
// </update>
Console.WriteLine($"It held {asked.GetColumn<float>("Strength").Single():F1} MPa.");
