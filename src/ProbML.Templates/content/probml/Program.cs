using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;

// Replace claims.csv by your own file, and ModelInput by its columns.
var mlContext = new MLContext(seed: 1);
string path = Path.Combine(AppContext.BaseDirectory, "claims.csv");
var data = mlContext.Data.LoadFromTextFile<ModelInput>(path, separatorChar: ',', hasHeader: true);
var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.25);

// Counts with an exposure. LinearRegression, LogisticRegression, BayesianGlm, GaussianProcess and others append in the same way.
var pipeline = mlContext.Transforms.DesignMatrix(
        "Features", DesignTerm.Categorical("District"), DesignTerm.Categorical("Group"), DesignTerm.Categorical("Age"))
    .Append(mlContext.Regression.Trainers.PoissonRegression("Claims", exposureColumnName: "Holders"));
var model = pipeline.Fit(split.TrainSet);
Console.WriteLine(model.LastTransformer.Model);

// How good are its distributions on rows that it has not seen?
var metrics = mlContext.Regression.EvaluateProbabilistic(model.Transform(split.TestSet), "Claims");
Console.WriteLine($"Held out: mean log density {metrics.MeanLogDensity.Value:F2}, CRPS {metrics.ContinuousRankedProbabilityScore.Value:F2}");

// Saved, loaded, and asked for one prediction.
mlContext.Model.Save(model, data.Schema, "model.zip");
var engine = mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(mlContext.Model.Load("model.zip", out _));
var prediction = engine.Predict(new() { District = "1", Group = "<1l", Age = "<25", Holders = 100 });
Console.WriteLine(
    $"{prediction.Score:F1} claims expected, between {prediction.LowerBound} and {prediction.UpperBound} with 95 % probability");

internal sealed class ModelInput
{
    [LoadColumn(0)] public string District { get; set; } = "";
    [LoadColumn(1)] public string Group { get; set; } = "";
    [LoadColumn(2)] public string Age { get; set; } = "";
    [LoadColumn(3)] public float Holders { get; set; }
    [LoadColumn(4)] public float Claims { get; set; }
}

internal sealed class ModelOutput
{
    public float Score { get; set; }
    public float ScoreStandardDeviation { get; set; }
    public float LowerBound { get; set; }
    public float UpperBound { get; set; }
}
