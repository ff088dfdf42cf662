#!/usr/bin/env dotnet
#:project ../../src/ProbML/ProbML.csproj
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false
// Expected counts with intervals, of a Poisson regression: dotnet run samples/apps/claims.cs
using Microsoft.ML;
using ProbML;

var mlContext = new MLContext(seed: 1);
var rows = Enumerable.Range(0, 400).Select(i => new Visit { Hours = 1 + i % 8, Rain = i % 3, Visits = (i * 7 % 5) + i % 8 });
var model = mlContext.Transforms.Concatenate("Features", nameof(Visit.Rain))
    .Append(mlContext.Regression.Trainers.PoissonRegression(nameof(Visit.Visits), exposureColumnName: nameof(Visit.Hours)))
    .Fit(mlContext.Data.LoadFromEnumerable(rows));
Console.WriteLine(model.LastTransformer.Model);
var engine = mlContext.Model.CreatePredictionEngine<Visit, Expected>(model);
var expected = engine.Predict(new() { Hours = 4, Rain = 1 });
Console.WriteLine($"{expected.Score:F1} visits in four hours of some rain; between {expected.LowerBound} and {expected.UpperBound} with 95 % probability");

internal sealed class Visit
{
    public float Hours { get; set; }
    public float Rain { get; set; }
    public float Visits { get; set; }
}

internal sealed class Expected
{
    public float Score { get; set; }
    public float LowerBound { get; set; }
    public float UpperBound { get; set; }
}
