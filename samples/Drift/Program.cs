using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;
using ProbML.TwoSample;

// The concrete works begins to strip its moulds early: what it tests now is young. Does anyone notice, which column is it, and what
// becomes of a straight line that was fitted to concrete of all ages?
string path = Path.Combine(AppContext.BaseDirectory, "concrete.csv");
var mlContext = new MLContext(seed: 1);
var random = new Random(1);
var all = mlContext.Data.CreateEnumerable<Mixture>(
    mlContext.Data.LoadFromTextFile<Mixture>(path, separatorChar: ',', hasHeader: true), reuseRowObject: false).ToArray();
random.Shuffle(all);                                           // the file is sorted by mixture: that alone were drift
var before = all.Where(_ => random.NextDouble() < 0.5).ToList();
var now = all.Except(before).Where(row => random.NextDouble() < Math.Exp(-row.Age / 30)).ToList();
var reference = mlContext.Data.LoadFromEnumerable(before);
var current = mlContext.Data.LoadFromEnumerable(now);

// <detect>
var report = mlContext.Data.DetectDrift(reference, current, new() { Ignore = ["Strength"] });
Console.WriteLine(report);
File.WriteAllText("drift.html", report.ToHtml());
// </detect>

// <monitor>
var monitor = mlContext.Data.CreateDriftMonitor(reference, new() { Ignore = ["Strength"] });
var status = monitor.Observe(current);
Console.WriteLine($"After {status.Rows} rows: drift {status.IsDrift}, seen at row {status.DriftRow}, most in {status.Feature}");
// </monitor>

// <sketch>
var kept = new DriftSketchOptions { Ignore = ["Strength"] };
File.WriteAllBytes("before.sketch", mlContext.Data.CreateDriftSketch(reference, "before", kept).ToBytes());
var machines = now.Chunk(100).Select((rows, machine) =>                // where the rows are; what travels are the sketches
    mlContext.Data.CreateDriftSketch(mlContext.Data.LoadFromEnumerable(rows), $"machine-{machine}", kept));
var merged = machines.Aggregate((one, other) => one.Merge(other));     // in any order and tree the same bytes
var sketched = mlContext.Data.DetectDrift(TableSketch.Read(File.ReadAllBytes("before.sketch")), merged);
// </sketch>
Console.WriteLine($"By {merged.Sources.Count} machines' sketches: drift {sketched.IsDrift} (p = {sketched.PValue:G3}), most in "
    + $"{sketched.Features[0].Name}, and most of all in row {sketched.Rows[0].Row} of {sketched.Rows[0].Source}");

// <weights>
var both = mlContext.Data.LoadFromEnumerable(before.Select(row => row.From(now: false)).Concat(now.Select(row => row.From(now: true))));
string[] ingredients = ["Cement", "Slag", "Ash", "Water", "Plasticizer", "Coarse", "Fine", "Age"];
var features = mlContext.Transforms.Concatenate("Features", ingredients);
var ratio = features.Append(mlContext.BinaryClassification.Trainers.DensityRatio(labelColumnName: "IsNow")).Fit(both);
var trainer = mlContext.Regression.Trainers.LinearRegression("Strength", exampleWeightColumnName: "Weight");
var weighted = trainer.Fit(ratio.Transform(reference));        // learns for the rows that there are now
// </weights>

// <intervals>
var old = ratio.Transform(reference);
var error = mlContext.Regression.CrossValidateImportanceWeighted(old, trainer, labelColumnName: "Strength");
var intervals = mlContext.Regression.Conformal(trainer, "Strength", options: new() { WeightColumnName = "Weight" }).Fit(old);
// </intervals>
var statistics = ratio.LastTransformer.Model.Statistics;
Console.WriteLine($"The {statistics.DenominatorRows} old rows, weighted, are worth {statistics.EffectiveSampleSize:F0}.");
var inputs = ratio.Transform(current);
var plainTrainer = mlContext.Regression.Trainers.LinearRegression("Strength");
var plain = plainTrainer.Fit(old);
foreach (var (name, model) in new[] { ("unweighted", plain), ("weighted", weighted) })
    Console.WriteLine($"Root mean squared error now, {name}: "
        + $"{mlContext.Regression.Evaluate(model.Transform(inputs), "Strength").RootMeanSquaredError:F2} MPa");
Console.WriteLine($"Of the weighted one, foretold by the old rows: {Math.Sqrt(error.Value):F2} MPa");
var unweighted = mlContext.Regression.Conformal(plainTrainer, "Strength").Fit(old);
foreach (var (name, model) in new[] { ("unweighted", unweighted), ("weighted", intervals) })
    Console.WriteLine($"Rows now inside their 90 % intervals, {name}: {Coverage(model.Transform(inputs)):P1}");

static double Coverage(IDataView scored) => scored.GetColumn<float>("Strength")
    .Zip(scored.GetColumn<float>("LowerBound"), scored.GetColumn<float>("UpperBound"))
    .Average(row => row.First >= row.Second && row.First <= row.Third ? 1.0 : 0);

internal sealed class Mixture
{
    [LoadColumn(0)] public float Cement { get; set; }
    [LoadColumn(1)] public float Slag { get; set; }
    [LoadColumn(2)] public float Ash { get; set; }
    [LoadColumn(3)] public float Water { get; set; }
    [LoadColumn(4)] public float Plasticizer { get; set; }
    [LoadColumn(5)] public float Coarse { get; set; }
    [LoadColumn(6)] public float Fine { get; set; }
    [LoadColumn(7)] public float Age { get; set; }
    [LoadColumn(8)] public float Strength { get; set; }

    public OriginRow From(bool now) => new()
    {
        Cement = Cement, Slag = Slag, Ash = Ash, Water = Water, Plasticizer = Plasticizer, Coarse = Coarse, Fine = Fine, Age = Age, IsNow = now,
    };
}

internal sealed class OriginRow
{
    public float Cement { get; set; }
    public float Slag { get; set; }
    public float Ash { get; set; }
    public float Water { get; set; }
    public float Plasticizer { get; set; }
    public float Coarse { get; set; }
    public float Fine { get; set; }
    public float Age { get; set; }
    public bool IsNow { get; set; }
}
