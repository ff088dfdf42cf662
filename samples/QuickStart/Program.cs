using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;

// Car insurance claims of 64 groups of policy holders in a quarter of 1973 (Baxter, Coutts & Ross 1980): how does the claim rate
// depend on district, engine size and age, and how many claims will a group make?
string path = Path.Combine(AppContext.BaseDirectory, "insurance.csv");
var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromTextFile<Policies>(path, separatorChar: ',', hasHeader: true);
var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.25);

// <pipeline>
var pipeline = mlContext.Transforms.Categorical.OneHotEncoding("District")
    .Append(mlContext.Transforms.Categorical.OneHotEncoding("Group"))
    .Append(mlContext.Transforms.Categorical.OneHotEncoding("Age"))
    .Append(mlContext.Transforms.Concatenate("Features", "District", "Group", "Age"))
    .Append(mlContext.Regression.Trainers.PoissonRegression("Claims", exposureColumnName: "Holders"));
var model = pipeline.Fit(split.TrainSet);
// </pipeline>
Console.WriteLine(model.LastTransformer.Model);           // the table that R's summary(glm) prints

// Evaluation on rows it has not seen, with ML.NET's own evaluator.
var scored = model.Transform(split.TestSet);
var metrics = mlContext.Regression.Evaluate(scored, labelColumnName: "Claims");
var predictions = mlContext.Data.CreateEnumerable<Prediction>(scored, reuseRowObject: false).ToList();
int covered = predictions.Count(p => p.LowerBound <= p.Claims && p.Claims <= p.UpperBound);
Console.WriteLine();
Console.WriteLine($"Held out: {predictions.Count} groups, R² = {metrics.RSquared:F3}, RMSE = {metrics.RootMeanSquaredError:F2}, "
    + $"mean log density = {predictions.Average(p => p.LogDensity):F2}, 95 % intervals cover {covered} of {predictions.Count}.");

// What there is to see of it, as one file for a browser.
string page = Path.Combine(Path.GetTempPath(), "claims.html");
// <report>
model.Report(page, split.TestSet);                         // tables and plots in one HTML file
// </report>
Console.WriteLine($"Report: {page}, {new FileInfo(page).Length / 1024} KiB.");

// Saved as an ordinary model, loaded by a context that never heard of it, served by an ordinary prediction engine.
string zip = Path.Combine(Path.GetTempPath(), "claims.zip");
mlContext.Model.Save(model, data.Schema, zip);
var fresh = new MLContext();
var engine = fresh.Model.CreatePredictionEngine<Policies, Prediction>(fresh.Model.Load(zip, out _));
Console.WriteLine();
Console.WriteLine("Saved, loaded in a fresh MLContext, and asked for three groups of 100 policy holders:");
foreach (var policy in (Policies[])[
    new() { District = "1", Group = "<1l", Age = "<25", Holders = 100 },
    new() { District = "4", Group = ">2l", Age = "<25", Holders = 100 },
    new() { District = "1", Group = "1-1.5l", Age = ">35", Holders = 100 }])
{
    var p = engine.Predict(policy);
    Console.WriteLine($"  district {policy.District}, {policy.Group,-6}, age {policy.Age,-4}: {p.Score,5:F1} claims expected "
        + $"(± {p.ScoreStandardError:F1}), claims between {p.LowerBound} and {p.UpperBound} with 95 % probability");
}
File.Delete(zip);

internal sealed class Policies
{
    [LoadColumn(0)] public string District { get; set; } = "";
    [LoadColumn(1)] public string Group { get; set; } = "";
    [LoadColumn(2)] public string Age { get; set; } = "";
    [LoadColumn(3)] public float Holders { get; set; }
    [LoadColumn(4)] public float Claims { get; set; }
}

internal sealed class Prediction
{
    public float Claims { get; set; }
    public float Score { get; set; }
    public float ScoreStandardDeviation { get; set; }
    public float ScoreStandardError { get; set; }
    public float LowerBound { get; set; }
    public float UpperBound { get; set; }
    public float LogDensity { get; set; }
}
