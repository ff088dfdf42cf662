#!/usr/bin/env dotnet
#:project ../../src/ProbML/ProbML.csproj
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false
// The model of all rows, from shards that never come together: dotnet run samples/apps/shards.cs
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;
using ProbML.Sharding;

var mlContext = new MLContext(seed: 1);
string path = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "../HonestIntervals/concrete.csv");
var concrete = mlContext.Data.LoadFromTextFile(
    path, [new("Features", DataKind.Single, 0, 7), new("Strength", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);
// <shards>
var trainer = mlContext.Regression.Trainers.GammaRegression("Strength", link: Links.Log);
var quarters = mlContext.Data.CrossValidationSplit(concrete, numberOfFolds: 4).Select(fold => fold.TestSet);
IShard[] plants = [.. quarters.Select((rows, i) => trainer.CreateShard($"plant {i + 1}", rows))];
var model = trainer.Fit(plants, concrete.Schema).Model;
// </shards>
var whole = trainer.Fit(concrete).Model;
Console.WriteLine(model);
double difference = model.Coefficients.Zip(whole.Coefficients, (one, other) => Math.Abs(one.Estimate - other.Estimate) / other.StandardError).Max();
Console.WriteLine($"Of {plants.Length} plants, {model.Statistics.Rows} rows; from one file it is the same{(difference < 1e-6 ? "" : " but for " + difference)}.");
