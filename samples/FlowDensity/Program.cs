using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;
using ProbML.Flows;
using FlowDensity;

// dotnet run -c Release -- [epochs, 20]: the density of a pinwheel whose truth is known, anomalies, and a skewed regression.
int epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
var mlContext = new MLContext(seed: 1);
var training = mlContext.Data.LoadFromEnumerable(Pinwheel.Draw(5_000, seed: 1));
var test = mlContext.Data.LoadFromEnumerable(Pinwheel.Draw(5_000, seed: 2));

// <density>
var pipeline = mlContext.Transforms.NormalizingFlow("Noise", "Point", new()
{
    Kind = FlowKind.NeuralSpline,
    Training = new() { Epochs = epochs, BatchSize = 128, ClipNorm = 5, Schedule = LearningRateSchedule.Cosine() },
});
var model = pipeline.Fit(training);
var logDensities = model.Transform(test).GetColumn<float>("LogDensity");
var newRows = model.Model.Sample(mlContext, count: 1_000, seed: 3, columnName: "Point");
// </density>

Print($"mean ln p of test rows {logDensities.Average():F3} nats, the truth {Pinwheel.Draw(5_000, seed: 2).Average(Pinwheel.LogDensity):F3}");
Print($"mean true ln p of rows it made {newRows.GetColumn<float[]>("Point").Average(p => Pinwheel.LogDensity(new() { Point = p })):F3}");

// <missing>
var half = mlContext.Data.LoadFromEnumerable([new Pinwheel { Point = [1.5f, float.NaN] }]);
var filled = model.Model.Impute(mlContext, half, "Point");             // mean, standard deviation, MarginalLogDensity
var others = model.Model.SampleConditional(mlContext, half, count: 200, featureColumnName: "Point");
// </missing>

float mean = filled.GetColumn<float[]>("Point").Single()[1], deviation = filled.GetColumn<float[]>("PointStandardDeviation").Single()[1];
Print($"y where x = 1.5: {mean:F2} ± {deviation:F2}");
Print($"above 0 in {others.GetColumn<float[]>("Point").Average(p => p[1] > 0 ? 1.0 : 0):P0} of draws");

// <anomaly>
var detector = mlContext.AnomalyDetection.Trainers.NormalizingFlow("Point", new()
{
    FalseAlarmRate = 0.02,
    Flow = new() { Training = new() { Epochs = epochs, ClipNorm = 5, ValidationFraction = 0.1 } },
});
var scored = detector.Fit(training).Transform(test);          // Score = -ln p, PredictedLabel, PValue
// </anomaly>

Print($"false alarms {scored.GetColumn<bool>("PredictedLabel").Average(alarm => alarm ? 1.0 : 0):P1}, asked for 2 %");

// <regression>
var claims = mlContext.Regression.Trainers.ConditionalFlow("Cost", "Age", new()
{
    Level = 0.9,
    QuantileLevels = [0.5, 0.99],
    Training = new() { Epochs = epochs, ClipNorm = 5, Schedule = LearningRateSchedule.Cosine() },
});
var costs = claims.Fit(mlContext.Data.LoadFromEnumerable(Claim.Draw(4_000, seed: 1)));
var predicted = costs.Transform(mlContext.Data.LoadFromEnumerable(Claim.Draw(4_000, seed: 2)));
var metrics = mlContext.Regression.EvaluateProbabilistic(predicted, labelColumnName: "Cost");
// </regression>

Print($"90 % intervals hold {metrics.IntervalCoverage.Value:P1}, log density {metrics.MeanLogDensity.Value:F3} nats a row");

static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
