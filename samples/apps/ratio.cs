#!/usr/bin/env dotnet
#:project ../../src/ProbML/ProbML.csproj
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false
// Old rows weighted to stand for new ones, by a density ratio: dotnet run samples/apps/ratio.cs
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;

var mlContext = new MLContext(seed: 1);
string path = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "../HonestIntervals/concrete.csv");
var lines = mlContext.Data.LoadFromTextFile(
    path, [new("Features", DataKind.Single, 0, 7), new("Strength", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);
// Half of the tests are the old ones, of concrete of every age; from now on young concrete is tested, and how strong it is is not known yet.
var random = new Random(1);
var rows = lines.GetColumn<float[]>("Features").Zip(lines.GetColumn<float>("Strength"))
    .Select(row => new Test { Features = row.First, Strength = row.Second, IsNow = random.NextDouble() < 0.5 })
    .Where(row => !row.IsNow || random.NextDouble() < Math.Exp(-row.Features[7] / 30)).ToList();
var old = mlContext.Data.LoadFromEnumerable(rows.Where(row => !row.IsNow));
var now = mlContext.Data.LoadFromEnumerable(rows.Where(row => row.IsNow));
// <ratio>
var ratio = mlContext.BinaryClassification.Trainers.DensityRatio(labelColumnName: "IsNow").Fit(mlContext.Data.LoadFromEnumerable(rows));
var plain = mlContext.Regression.Trainers.LinearRegression("Strength").Fit(old);
var weighted = mlContext.Regression.Trainers.LinearRegression("Strength", exampleWeightColumnName: "Weight").Fit(ratio.Transform(old));
var statistics = ratio.Model.Statistics;
Console.WriteLine($"{statistics.DenominatorRows} old rows, weighted, are worth {statistics.EffectiveSampleSize:F0} of now.");
foreach (var (name, model) in new[] { ("as they are", plain), ("weighted", weighted) })
    Console.WriteLine($"learnt from old rows {name}: wrong by {mlContext.Regression.Evaluate(model.Transform(now), "Strength").RootMeanSquaredError:F1} MPa now");
// </ratio>

internal sealed class Test
{
    [VectorType(8)] public float[] Features { get; set; } = [];
    public float Strength { get; set; }
    public bool IsNow { get; set; }
}
