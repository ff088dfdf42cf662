#!/usr/bin/env dotnet
#:project ../../src/ProbML/ProbML.csproj
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false
// Whether today's rows are like yesterday's, and which column is not: dotnet run samples/apps/drift.cs
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;

var mlContext = new MLContext(seed: 1);
string path = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "../HonestIntervals/concrete.csv");
var concrete = mlContext.Data.LoadFromTextFile(
    path, [new("Cement", DataKind.Single, 0), new("Water", DataKind.Single, 3), new("Age", DataKind.Single, 7)], separatorChar: ',', hasHeader: true);
var halves = mlContext.Data.TrainTestSplit(concrete, testFraction: 0.5);
var young = mlContext.Data.FilterRowsByColumn(halves.TestSet, "Age", upperBound: 28);
// <drift>
foreach (var (name, current) in new[] { ("the other half", halves.TestSet), ("its young concrete", young) })
{
    var report = mlContext.Data.DetectDrift(halves.TrainSet, current);
    var most = report.Features.MaxBy(feature => feature.Share)!;
    Console.WriteLine($"{name}: {(report.IsDrift ? $"drift, {most.Share:P0} of it in {most.Name}" : "no drift")} (p = {report.PValue:G2})");
}
// </drift>
