using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Examples.Scoring;

/// <summary>A model to try the service with: the insurance claims of samples/QuickStart.</summary>
internal static class Demo
{
    public const string Key = "demo";

    /// <summary>Fits the model into the folder of models, and lets the key "demo" in where none is configured.</summary>
    public static ScoringOptions Prepare(ScoringOptions options)
    {
        string folder = Path.Combine(Path.GetTempPath(), "probml-scoring-demo");
        if (options.Models == new ScoringOptions().Models)
            options = options with { Models = Path.Combine(folder, "models"), State = Path.Combine(folder, "state") };
        Directory.CreateDirectory(options.Models);
        string path = Path.Combine(options.Models, "claims.zip");
        if (!File.Exists(path))
            Fit(Path.Combine(AppContext.BaseDirectory, "insurance.csv"), path);
        return options.ApiKeys.Count > 0 ? options : options with { ApiKeys = [Key] };
    }

    private static void Fit(string data, string path)
    {
        // <files>
        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromTextFile<Policies>(data, separatorChar: ',', hasHeader: true);
        var pipeline = mlContext.Transforms.Categorical.OneHotEncoding(
                [new("DistrictCode", "District"), new("GroupCode", "Group"), new("AgeCode", "Age")])
            .Append(mlContext.Transforms.Concatenate("Features", "DistrictCode", "GroupCode", "AgeCode"))
            .Append(mlContext.Regression.Trainers.PoissonRegression("Claims", exposureColumnName: "Holders"));
        using (var stream = File.Create(Path.ChangeExtension(path, ".drift")))
            mlContext.Data.CreateDriftMonitor(rows, new() { Ignore = ["Claims"] }).Save(stream);
        mlContext.Model.Save(pipeline.Fit(rows), rows.Schema, path);
        // </files>
    }

    private sealed class Policies
    {
        [LoadColumn(0)] public string District { get; set; } = "";
        [LoadColumn(1)] public string Group { get; set; } = "";
        [LoadColumn(2)] public string Age { get; set; } = "";
        [LoadColumn(3)] public float Holders { get; set; }
        [LoadColumn(4)] public float Claims { get; set; }
    }
}
