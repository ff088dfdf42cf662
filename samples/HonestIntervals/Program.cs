using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;

// How strong will this concrete be? Boosted trees give a number; conformal prediction makes an interval of it that holds what
// it promises, whatever the trees get wrong. Proper scores say which of two predicted distributions is better.
string path = Path.Combine(AppContext.BaseDirectory, "concrete.csv");
var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromTextFile<Mixture>(path, separatorChar: ',', hasHeader: true);
var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.3);

// <conformal>
var trees = mlContext.Regression.Trainers.FastTree();
var model = mlContext.Regression.Conformal(trees, options: new() { Level = 0.9 }).Fit(split.TrainSet);
var scored = model.Transform(split.TestSet);          // LowerBound and UpperBound beside Score
// </conformal>
var honest = mlContext.Regression.EvaluateProbabilistic(scored, columns: new() { IntervalLevel = 0.9 });
Console.WriteLine($"Boosted trees, conformal: 90 % intervals hold {honest.IntervalCoverage.Value:P1} of {honest.Rows} rows, "
    + $"{honest.IntervalMeanWidth:F1} MPa wide on average (interval score {honest.IntervalScore.Value:F1}).");

// <evaluate>
var linear = mlContext.Regression.Trainers.LinearRegression();
var metrics = mlContext.Regression.EvaluateProbabilistic(linear.Fit(split.TrainSet).Transform(split.TestSet));
Console.WriteLine($"Log density {metrics.MeanLogDensity.Value:F3} nats a row, CRPS "
    + $"{metrics.ContinuousRankedProbabilityScore.Value:F2} MPa, 95 % intervals hold {metrics.IntervalCoverage.Value:P1}");
// </evaluate>
var logarithmic = mlContext.Regression.Trainers.GammaRegression(link: Links.Log);
var other = mlContext.Regression.EvaluateProbabilistic(logarithmic.Fit(split.TrainSet).Transform(split.TestSet));
Console.WriteLine($"Gamma with a log link instead: log density {other.MeanLogDensity.Value:F3} nats a row, CRPS "
    + $"{other.ContinuousRankedProbabilityScore.Value:F2} MPa");

internal sealed class Mixture
{
    [LoadColumn(0, 7)] [VectorType(8)] public float[] Features { get; set; } = [];
    [LoadColumn(8)] [ColumnName("Label")] public float Strength { get; set; }
}
