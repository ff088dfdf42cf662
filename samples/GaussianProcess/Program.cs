using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;
using ProbML.GaussianProcesses;

// How strong will this concrete be, and where would another test tell most? A Gaussian process learns a smooth function of eight
// ingredients and of age, says which of them matter, and knows where it has seen too little.
string path = Path.Combine(AppContext.BaseDirectory, "concrete.csv");
var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromTextFile<Mixture>(path, separatorChar: ',', hasHeader: true);
var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.3);

// <pipeline>
var trainer = mlContext.Regression.Trainers.GaussianProcess(new()
{
    Kernel = Kernel.Parse("matern52(ard) + linear"),
    Level = 0.9,
});
var model = trainer.Fit(split.TrainSet);
// </pipeline>
Console.WriteLine(model.Model);
Console.WriteLine();

// <evaluate>
var metrics = mlContext.Regression.EvaluateProbabilistic(model.Transform(split.TestSet), columns: new() { IntervalLevel = 0.9 });
Console.WriteLine($"Held out: {metrics.MeanLogDensity.Value:F3} nats a row, 90 % intervals hold {metrics.IntervalCoverage.Value:P1}, "
    + $"{metrics.IntervalMeanWidth:F1} MPa wide on average");
// </evaluate>
var linear = mlContext.Regression.Trainers.LinearRegression().Fit(split.TrainSet);
var other = mlContext.Regression.EvaluateProbabilistic(linear.Transform(split.TestSet));
Console.WriteLine($"A linear model: {other.MeanLogDensity.Value:F3} nats a row");

// Where is least known? The epistemic part of the spread is what more tests would take away.
var mixtures = mlContext.Data.CreateEnumerable<Prediction>(model.Transform(split.TestSet), reuseRowObject: false).ToList();
Console.WriteLine();
Console.WriteLine("Mixtures worth testing next:");
foreach (var one in mixtures.OrderByDescending(one => one.EpistemicStandardDeviation).Take(3))
    Console.WriteLine($"  cement {one.Features[0]:F0}, water {one.Features[3]:F0}, {one.Features[7]:F0} days: {one.Score:F1} MPa, between "
        + $"{one.LowerBound:F1} and {one.UpperBound:F1}; {one.EpistemicStandardDeviation:F1} of the spread is not knowing");

// <draws>
double[] ages = [1, 3, 7, 14, 28, 56, 90, 180];
double[] rows = [.. ages.SelectMany(age => new[] { 300.0, 0, 0, 180, 5, 950, 800, age })];
double[] curves = model.Model.Sample(rows, draws: 3);      // three functions that agree with the data, [3, 8]
// </draws>
Console.WriteLine();
Console.WriteLine($"days      {string.Join("", ages.Select(age => $"{age,7}"))}");
for (int s = 0; s < 3; s++)
    Console.WriteLine($"curve {s + 1}   {string.Join("", curves[(s * 8)..(s * 8 + 8)].Select(mpa => $"{mpa,7:F1}"))}");

// One output learns from another. A cheap sensor reports every day; the good one, here, stopped on day 60.
var readings = mlContext.Data.LoadFromEnumerable(Reading.Draw(seed: 3));
// <outputs>
var both = mlContext.Transforms.DesignMatrix("Features", DesignTerm.Numeric("Day"), DesignTerm.Code("Sensor", ["cheap", "good"]))
    .Append(mlContext.Regression.Trainers.GaussianProcess(new()
    {
        Kernel = Kernel.Parse("rbf(dims=[0]) * coregion(outputs=2, dim=1) + white * coregion(outputs=2, rank=0, dim=1)"),
        Likelihood = GaussianProcessLikelihood.Gaussian(0, isFixed: true),                     // the second part is a noise for each
        Hyperparameters = new() { Fixed = ["parts[0].parts[0].variance", "parts[1].parts[0].variance"] },
    }))
    .Fit(readings);
var coming = mlContext.Data.LoadFromEnumerable([new Reading { Sensor = "good", Day = 75 }, new Reading { Sensor = "good", Day = 90 }]);
var expected = mlContext.Data.CreateEnumerable<Expected>(both.Transform(coming), reuseRowObject: false).ToList();
// </outputs>
Console.WriteLine();
foreach (var one in expected)
    Console.WriteLine($"Day {one.Day}: the good sensor would say {one.Score:F2}, between {one.LowerBound:F2} and {one.UpperBound:F2} "
        + $"(it would: {2 + 1.5 * Reading.Truth(one.Day):F2})");

internal sealed class Mixture
{
    [LoadColumn(0, 7)] [VectorType(8)] public float[] Features { get; set; } = [];
    [LoadColumn(8)] [ColumnName("Label")] public float Strength { get; set; }
}

internal sealed class Prediction
{
    public float[] Features { get; set; } = [];

    public float Score { get; set; }

    public float EpistemicStandardDeviation { get; set; }

    public float LowerBound { get; set; }

    public float UpperBound { get; set; }
}

internal sealed class Reading
{
    public float Day { get; set; }

    public string Sensor { get; set; } = "";

    public float Label { get; set; }

    public static double Truth(double day) => Math.Sin(day / 9) + 0.4 * Math.Cos(day / 4);

    public static IEnumerable<Reading> Draw(int seed)
    {
        var random = new Random(seed);
        for (int day = 0; day < 100; day++)
        {
            yield return new() { Day = day, Sensor = "cheap", Label = (float)(Truth(day) + 0.3 * (random.NextDouble() + random.NextDouble() - 1)) };
            if (day < 60 && day % 3 == 0)
                yield return new() { Day = day, Sensor = "good", Label = (float)(2 + 1.5 * Truth(day) + 0.04 * (random.NextDouble() - 0.5)) };
        }
    }
}

internal sealed class Expected
{
    public float Day { get; set; }

    public float Score { get; set; }

    public float LowerBound { get; set; }

    public float UpperBound { get; set; }
}
