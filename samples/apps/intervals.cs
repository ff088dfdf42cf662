#!/usr/bin/env dotnet
#:project ../../src/ProbML/ProbML.csproj
#:package Microsoft.ML.FastTree
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false
// Intervals that hold, around ML.NET's own boosted trees: dotnet run samples/apps/intervals.cs
using Microsoft.ML;
using ProbML;

var mlContext = new MLContext(seed: 1);
var random = new Random(1);
List<House> Draw(int count) => [.. Enumerable.Range(0, count).Select(_ =>
{
    float area = 40 + (160 * random.NextSingle());
    return new House { Area = area, Age = 100 * random.NextSingle(), Price = (3 * area) + (area * (random.NextSingle() - 0.5f)) };
})];
var trees = mlContext.Transforms.Concatenate("Features", nameof(House.Area), nameof(House.Age))
    .Append(mlContext.Regression.Trainers.FastTree(nameof(House.Price)));
var model = mlContext.Regression.Conformal(trees, nameof(House.Price)).Fit(mlContext.Data.LoadFromEnumerable(Draw(2_000)));
var engine = mlContext.Model.CreatePredictionEngine<House, Expected>(model);
var fresh = Draw(2_000);
int held = fresh.Count(house => engine.Predict(house) is var expected && house.Price >= expected.LowerBound && house.Price <= expected.UpperBound);
Console.WriteLine($"{100.0 * held / fresh.Count:F1} % of new prices lie in intervals that promise 90 %");

internal sealed class House
{
    public float Area { get; set; }
    public float Age { get; set; }
    public float Price { get; set; }
}

internal sealed class Expected
{
    public float LowerBound { get; set; }
    public float UpperBound { get; set; }
}
