using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;
using ProbML.GaussianProcesses;

// Tunes LightGBM by Bayesian optimisation: dotnet run --project samples/BayesianOptimisation -c Release
// The rows are Friedman's (1991) first function, y = 10 sin(πx₁x₂) + 20(x₃ − ½)² + 10x₄ + 5x₅ + e, with five features that do nothing.
var mlContext = new MLContext(1);
var random = new Random(1);
var data = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 600).Select(_ => Row.Draw(random)).ToList());

// <tune>
SearchParameter[] parameters =
[
    SearchParameter.Whole("leaves", 2, 64, isLogarithmic: true),
    SearchParameter.Whole("rowsPerLeaf", 1, 50, isLogarithmic: true),
    SearchParameter.Whole("trees", 20, 300, isLogarithmic: true),
    SearchParameter.Real("rate", 0.01, 0.5, isLogarithmic: true),
];
var tuned = mlContext.Regression.Tune(data, parameters, at => mlContext.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options
{
    NumberOfLeaves = (int)at["leaves"],
    MinimumExampleCountPerLeaf = (int)at["rowsPerLeaf"],
    NumberOfIterations = (int)at["trees"],
    LearningRate = at["rate"],
    NumberOfThreads = 1,
}), folds: 3, options: new() { Evaluations = 25 });
// </tune>

double usual = mlContext.Regression.CrossValidate(data, mlContext.Regression.Trainers.LightGbm(), 3, seed: 1)
    .Average(fold => fold.Metrics.RootMeanSquaredError);
double best = double.PositiveInfinity;
foreach (var (trial, k) in tuned.Trials.Select((trial, k) => (trial, k + 1)))
{
    if (trial.Value >= best)
        continue;
    best = trial.Value;
    Console.WriteLine($"trial {k,2}: RMSE {trial.Value:F3} at {string.Join(", ", trial.Parameters.Select(one => $"{one.Key} {one.Value:G3}"))}");
}
Console.WriteLine($"LightGBM as it comes: RMSE {usual:F3}; tuned: {tuned.Best.Value:F3} (the noise alone: 1)");

internal sealed class Row
{
    [VectorType(10)]
    public float[] Features { get; set; } = [];

    public float Label { get; set; }

    public static Row Draw(Random random)
    {
        float[] x = [.. Enumerable.Range(0, 10).Select(_ => random.NextSingle())];
        double noise = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double y = 10 * Math.Sin(Math.PI * x[0] * x[1]) + 20 * Math.Pow(x[2] - 0.5, 2) + 10 * x[3] + 5 * x[4] + noise;
        return new() { Features = x, Label = (float)y };
    }
}
