#!/usr/bin/env dotnet
#:project ../../src/ProbML/ProbML.csproj
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false
// A curve with its uncertainty, of a Gaussian process: dotnet run samples/apps/process.cs
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;
using ProbML.GaussianProcesses;

var mlContext = new MLContext(seed: 1);
var random = new Random(1);
var rows = Enumerable.Range(0, 60).Select(i => new Point { Time = [i / 6f], Level = MathF.Sin(i / 6f) + (0.2f * (random.NextSingle() - 0.5f)) }).ToList();
var model = mlContext.Regression.Trainers.GaussianProcess(new() { Kernel = Kernel.Parse("matern52") }, nameof(Point.Level), nameof(Point.Time))
    .Fit(mlContext.Data.LoadFromEnumerable(rows));
var engine = mlContext.Model.CreatePredictionEngine<Point, Expected>(model);
foreach (float time in (float[])[2, 8, 11, 14])
{
    var expected = engine.Predict(new() { Time = [time] });
    Console.WriteLine($"at {time,2}: {expected.Score,6:F2} ± {expected.ScoreStandardDeviation:F2}, truly {MathF.Sin(time),6:F2}");
}

internal sealed class Point
{
    [VectorType(1)] public float[] Time { get; set; } = [];
    public float Level { get; set; }
}

internal sealed class Expected
{
    public float Score { get; set; }
    public float ScoreStandardDeviation { get; set; }
}
