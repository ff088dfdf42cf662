#!/usr/bin/env dotnet
#:project ../../src/ProbML/ProbML.csproj
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false
// Groups that lean on each other, and one that was never seen: dotnet run samples/apps/groups.cs
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;

var mlContext = new MLContext(seed: 1);
string path = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "../QuickStart/insurance.csv");
var claims = mlContext.Data.LoadFromTextFile<Policies>(path, separatorChar: ',', hasHeader: true);
var options = new HierarchicalOptions { Family = Families.Poisson, Effects = [new GroupEffect("District"), new GroupEffect("Group")] };
var model = mlContext.Transforms.DesignMatrix("Features", DesignTerm.Categorical("Age"))
    .Append(mlContext.Regression.Trainers.Hierarchical(options, "Claims", exposureColumnName: "Holders"))
    .Fit(claims);
Console.WriteLine(model.LastTransformer.Model);
// <groups>
foreach (var group in model.LastTransformer.Model.GroupEffects("Group"))
    Console.WriteLine($"engines of {group.Level,-7} {Math.Exp(group.Means[0]):F2} times the claims, from {group.Rows} rows");
var engine = mlContext.Model.CreatePredictionEngine<Policies, Expected>(model);
foreach (string district in (string[])["4", "5"])
{
    var expected = engine.Predict(new() { District = district, Group = "<1l", Age = "<25", Holders = 200 });
    Console.WriteLine($"district {district}{(expected.UnseenGroups > 0 ? ", never seen" : "")}: {expected.Score:F1} claims ± {expected.ScoreStandardDeviation:F1}");
}
// </groups>

internal sealed class Policies
{
    [LoadColumn(0)] public string District { get; set; } = "";
    [LoadColumn(1)] public string Group { get; set; } = "";
    [LoadColumn(2)] public string Age { get; set; } = "";
    [LoadColumn(3)] public float Holders { get; set; }
    [LoadColumn(4)] public float Claims { get; set; }
}

internal sealed class Expected
{
    public float Score { get; set; }
    public float ScoreStandardDeviation { get; set; }
    public float UnseenGroups { get; set; }
}
