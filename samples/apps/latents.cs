#!/usr/bin/env dotnet
#:project ../../src/ProbML.Torch/ProbML.Torch.csproj
#:package TorchSharp-cpu
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false
// What is missing of a row, filled in with its uncertainty by a variational autoencoder: dotnet run samples/apps/latents.cs
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;
using ProbML.Vae;

var mlContext = new MLContext(seed: 1);
string path = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "../HonestIntervals/concrete.csv");
var concrete = mlContext.Data.LoadFromTextFile(path, [new("Mixture", DataKind.Single, 0, 6)], separatorChar: ',', hasHeader: true);
var rows = concrete.GetColumn<float[]>("Mixture").ToList();
const int Coarse = 5;
// <impute>
var encoder = mlContext.Transforms.VariationalAutoencoder("Latent", "Mixture", new()
{
    LatentSize = 4,
    Training = new() { Epochs = 150, BatchSize = 64 },
});
using var model = encoder.Fit(concrete).Model;
var holes = rows.Where((_, i) => i % 10 == 0).Select(row => new Mix { Mixture = [.. row[..Coarse], float.NaN, row[6]] });
var filled = model.Impute(mlContext, mlContext.Data.LoadFromEnumerable(holes), "Mixture");
// </impute>
var truth = rows.Where((_, i) => i % 10 == 0).Select(row => row[Coarse]).ToList();
var means = filled.GetColumn<float[]>("Mixture").Select(row => row[Coarse]).ToList();
var deviations = filled.GetColumn<float[]>("MixtureStandardDeviation").Select(row => row[Coarse]).ToList();
double Error(IEnumerable<float> guesses) => Math.Sqrt(guesses.Zip(truth, (guess, real) => Math.Pow(guess - real, 2)).Average());
Console.WriteLine($"Coarse aggregate of {truth.Count} mixtures: wrong by {Error(means):F0} kg/m³, by {Error(means.Select(_ => rows.Average(row => row[Coarse]))):F0} if the mean is put in");
Console.WriteLine($"The first: {means[0]:F0} ± {deviations[0]:F0}, truly {truth[0]:F0}");

internal sealed class Mix
{
    [VectorType(7)] public float[] Mixture { get; set; } = [];
}
