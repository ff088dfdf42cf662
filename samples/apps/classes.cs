#!/usr/bin/env dotnet
#:project ../../src/ProbML/ProbML.csproj
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false
// Classes with probabilities, ordered and not, of tested concrete: dotnet run samples/apps/classes.cs
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;

var mlContext = new MLContext(seed: 1);
string path = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "../HonestIntervals/concrete.csv");
string[] grades = ["weak", "fair", "strong"];
var lines = mlContext.Data.LoadFromTextFile(
    path, [new("Features", DataKind.Single, 0, 7), new("Strength", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);
var rows = lines.GetColumn<float[]>("Features").Zip(lines.GetColumn<float>("Strength"),
    (features, strength) => new Mixture { Features = features, Grade = grades[strength < 25 ? 0 : strength < 45 ? 1 : 2] });
var split = mlContext.Data.TrainTestSplit(mlContext.Data.LoadFromEnumerable(rows), testFraction: 0.25);

// <classes>
var order = mlContext.Data.LoadFromEnumerable(grades.Select(grade => new Mixture { Grade = grade }));
var coded = mlContext.Transforms.NormalizeMeanVariance("Features")
    .Append(mlContext.Transforms.Conversion.MapValueToKey("Grade", keyData: mlContext.Transforms.SelectColumns("Grade").Fit(order).Transform(order)));
var ordinal = coded.Append(mlContext.MulticlassClassification.Trainers.OrdinalRegression("Grade")).Fit(split.TrainSet);
var multinomial = coded.Append(mlContext.MulticlassClassification.Trainers.MultinomialRegression("Grade")).Fit(split.TrainSet);
// </classes>
Console.WriteLine(ordinal.LastTransformer.Model);
foreach (var (name, model) in new (string, ITransformer)[] { ("ordered", ordinal), ("unordered", multinomial) })
{
    var scored = model.Transform(split.TestSet);
    var metrics = mlContext.MulticlassClassification.EvaluateProbabilistic(scored, "Grade");
    Console.WriteLine($"{name}: log density of a held-out grade {metrics.MeanLogDensity.Value:F3}, ranked probability score {metrics.RankedProbabilityScore.Value:F3}");
    var first = scored.GetColumn<float[]>("Score").First();
    Console.WriteLine("  the first: " + string.Join(", ", grades.Zip(first, (grade, p) => $"{grade} {p:P0}")));
}

internal sealed class Mixture
{
    [VectorType(8)] public float[] Features { get; set; } = new float[8];
    public string Grade { get; set; } = "";
}
