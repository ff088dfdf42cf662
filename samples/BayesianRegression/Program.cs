using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;

// Car insurance claims of 64 groups of policy holders in a quarter of 1973 (Baxter, Coutts & Ross 1980): a posterior for the effects of
// district, engine size and age, and what it says of groups that were not seen.
string path = Path.Combine(AppContext.BaseDirectory, "insurance.csv");
var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromTextFile<Policies>(path, separatorChar: ',', hasHeader: true);
var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.25);

// <pipeline>
var options = new BayesianGlmOptions
{
    Family = Families.Poisson,
    Priors = new() { Default = new NormalPrior(0, 1), Intercept = new NormalPrior(0, 5) },
    Inference = Inference.Nuts(),
};
var pipeline = mlContext.Transforms.DesignMatrix(
        "Features", DesignTerm.Categorical("District"), DesignTerm.Categorical("Group"), DesignTerm.Categorical("Age"))
    .Append(mlContext.Regression.Trainers.BayesianGlm(options, "Claims", exposureColumnName: "Holders"));
// </pipeline>
var model = pipeline.Fit(split.TrainSet);
Console.WriteLine(model.LastTransformer.Model);           // means, intervals, R-hat, effective sample sizes

// The same model by another inference: a line, and milliseconds instead of a second.
var fast = mlContext.Transforms.DesignMatrix(
        "Features", DesignTerm.Categorical("District"), DesignTerm.Categorical("Group"), DesignTerm.Categorical("Age"))
    .Append(mlContext.Regression.Trainers.BayesianGlm(
        options with { Inference = Inference.Laplace }, "Claims", exposureColumnName: "Holders"))
    .Fit(split.TrainSet);
Console.WriteLine();
Console.WriteLine($"Laplace's log evidence: {fast.LastTransformer.Model.LogEvidence:F3}");

// What is not known of a group's claims has two parts: that of its mean, which more data would take away, and that of chance.
var predictions = mlContext.Data.CreateEnumerable<Prediction>(model.Transform(split.TestSet), reuseRowObject: false).ToList();
int covered = predictions.Count(p => p.LowerBound <= p.Claims && p.Claims <= p.UpperBound);
Console.WriteLine();
Console.WriteLine($"Held out: {predictions.Count} groups, mean log density {predictions.Average(p => p.LogDensity):F2}, 95 % intervals "
    + $"hold {covered} of {predictions.Count}.");
foreach (var p in predictions.Take(5))
    Console.WriteLine($"  {p.Claims,4} claims, predicted {p.Score,6:F1} ± {p.ScoreStandardDeviation:F1} (epistemic {p.EpistemicStandardDeviation:F1}, "
        + $"aleatoric {p.AleatoricStandardDeviation:F1}), between {p.LowerBound} and {p.UpperBound}");

// Districts and engine sizes as draws from a population of such: each leans on the others, and one that is new is predicted too.
// <hierarchical>
var grouped = new HierarchicalOptions
{
    Family = Families.Poisson,
    Effects = [new GroupEffect("District"), new GroupEffect("Group")],
};
var hierarchy = mlContext.Transforms.DesignMatrix("Features", DesignTerm.Categorical("Age"))
    .Append(mlContext.Regression.Trainers.Hierarchical(grouped, "Claims", exposureColumnName: "Holders"));
// </hierarchical>
var pooled = hierarchy.Fit(split.TrainSet);
Console.WriteLine();
Console.WriteLine(pooled.LastTransformer.Model);          // how districts and engine sizes vary, what ages have in common
foreach (var district in pooled.LastTransformer.Model.GroupEffects("District"))
    Console.WriteLine($"  district {district.Level}: {district.Means[0]:F3} ± {district.StandardDeviations[0]:F3} from {district.Rows} rows");

/// <summary>A group of policy holders.</summary>
internal sealed class Policies
{
    [LoadColumn(0)]
    public string District { get; set; } = "";

    [LoadColumn(1)]
    public string Group { get; set; } = "";

    [LoadColumn(2)]
    public string Age { get; set; } = "";

    [LoadColumn(3)]
    public float Holders { get; set; }

    [LoadColumn(4)]
    public float Claims { get; set; }
}

/// <summary>What the model says of a group.</summary>
internal sealed class Prediction
{
    public float Claims { get; set; }

    public float Score { get; set; }

    public float ScoreStandardDeviation { get; set; }

    public float EpistemicStandardDeviation { get; set; }

    public float AleatoricStandardDeviation { get; set; }

    public float LowerBound { get; set; }

    public float UpperBound { get; set; }

    public float LogDensity { get; set; }
}
