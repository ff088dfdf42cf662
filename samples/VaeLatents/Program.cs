using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;
using ProbML.Vae;
using VaeLatents;

// dotnet run -c Release -- <folder of Fashion-MNIST> [training images] [epochs]
// The four .gz files are at https://github.com/zalandoresearch/fashion-mnist.
if (args.Length == 0)
{
    Console.Error.WriteLine("usage: VaeLatents <folder of Fashion-MNIST> [training images, 60000] [epochs, 10]");
    return 2;
}
int images = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 60_000;
int epochs = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 10;
var mlContext = new MLContext(seed: 1);
var training = mlContext.Data.LoadFromEnumerable(Clothes.Read(args[0], "train").Take(images));
var test = mlContext.Data.LoadFromEnumerable(Clothes.Read(args[0], "t10k"));

// <pipeline>
var encoder = mlContext.Transforms.VariationalAutoencoder("Latent", "Pixels", new()
{
    LatentSize = 16,
    Likelihood = Likelihoods.BernoulliBits,               // grey levels: bits are drawn from them as it trains
    Columns = VaeColumns.Elbo,
    Training = new() { Epochs = epochs, BatchSize = 128, Schedule = LearningRateSchedule.Cosine() },
});
var pipeline = encoder
    .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
    .Append(mlContext.MulticlassClassification.Trainers.LightGbm(featureColumnName: "Latent"));
var model = pipeline.Fit(training);
var scored = model.Transform(test);
var metrics = mlContext.MulticlassClassification.Evaluate(scored);
// </pipeline>

Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"test ELBO {scored.GetColumn<float>("Elbo").Average():F1} nats; "
    + $"accuracy from 16 latent numbers {metrics.MicroAccuracy:P1}, log-loss {metrics.LogLoss:F3}"));

using var autoencoder = model.OfType<ProbabilisticTransformer<VaeModel>>().First().Model;
var first = mlContext.Data.TakeRows(test, 10);
float[][] Pixels(IDataView view) => [.. view.GetColumn<float[]>("Pixels")];
Picture.Save(
    "vae.png",
    rows:
    [
        Pixels(first),
        Pixels(autoencoder.Reconstruct(mlContext, first, "Pixels")),
        Pixels(autoencoder.Sample(mlContext, 10, columnName: "Pixels", means: true)),
        Pixels(autoencoder.Interpolate(mlContext, Pixels(first)[0], Pixels(first)[1], 10, "Pixels")),
    ],
    latent: [.. scored.GetColumn<float[]>("Latent").Take(3_000)],
    labels: [.. test.GetColumn<string>("Label").Take(3_000)]);
Console.WriteLine($"wrote {Path.GetFullPath("vae.png")}");
return 0;
