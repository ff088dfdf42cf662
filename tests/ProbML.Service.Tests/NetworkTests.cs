using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Flows;
using ProbML.Vae;

namespace ProbML.Service.Tests;

/// <summary>Models that libtorch has trained, served.</summary>
[Collection(RunningService.Alone)]
public class NetworkTests
{
    private static readonly Point[] Rows =
        [.. Enumerable.Range(0, 200).Select(i => new Point { Features = [MathF.Sin(i), MathF.Sin(i) + (i * 37 % 23 / 30f), i * 17 % 13] })];

    [Fact]
    public async Task An_autoencoder_a_flow_and_a_detector_answer_one_row_and_many()
    {
        SkipWithoutLibTorch();
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(Rows);
        TrainingOptions training = new() { Epochs = 3, BatchSize = 32, Device = TrainingDevice.Cpu };
        byte[] autoencoder = TestModels.Save(view, ml.Transforms.VariationalAutoencoder(
            "Latent", "Features", new() { LatentSize = 2, Columns = VaeColumns.LatentStandardDeviation | VaeColumns.Elbo, Training = training }));
        byte[] flow = TestModels.Save(view, ml.Transforms.NormalizingFlow("Noise", "Features", new() { Training = training }));
        byte[] detector = TestModels.Save(
            view, ml.AnomalyDetection.Trainers.NormalizingFlow("Features", new() { Flow = new() { Training = training with { ValidationFraction = 0.2 } } }));
        await using var service = await RunningService.Start([("vae.zip", autoencoder), ("flow.zip", flow), ("rare.zip", detector)]);

        await AssertSame(service, "vae", autoencoder, ["Elbo"], ["Latent", "LatentStandardDeviation"]);
        await AssertSame(service, "flow", flow, ["LogDensity"], ["Noise"]);
        await AssertSame(service, "rare", detector, ["Score", "PValue"], []);
        foreach (string model in (string[])["vae", "flow", "rare"])
        {
            var input = Assert.Single((await service.Get($"/models/{model}")).GetProperty("inputs").EnumerateArray());
            Assert.Equal("Features", input.GetProperty("name").GetString());
        }
        // What was not observed leaves an autoencoder's likelihood.
        var some = await service.Predicted("vae", """{"Features":[0.5,null,3]}""");
        Assert.Equal(JsonValueKind.Number, some.GetProperty("Elbo").ValueKind);
        using var tooShort = await service.Predict("flow", """{"Features":[0.5,1]}""");
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, tooShort.StatusCode);
    }

    private static async Task AssertSame(RunningService service, string model, byte[] file, string[] numbers, string[] vectors)
    {
        var fresh = new MLContext();
        var scored = fresh.Model.Load(new MemoryStream(file), out _).Transform(fresh.Data.LoadFromEnumerable(Rows));
        var all = await service.Predicted(model, JsonSerializer.Serialize(Rows));
        Assert.Equal(Rows.Length, all.GetArrayLength());
        foreach (string name in numbers.Concat(vectors))
        {
            bool isVector = vectors.Contains(name);
            float[][] expected = [.. isVector ? scored.GetColumn<float[]>(name) : scored.GetColumn<float>(name).Select(number => new[] { number })];
            float[] Of(JsonElement prediction) => prediction.GetProperty(name) is var cell && isVector
                ? [.. cell.EnumerateArray().Select(one => one.GetSingle())] : [cell.GetSingle()];
            for (int i = 0; i < Rows.Length; i++)
            {
                AssertNear(expected[i], Of(all[i]));
                if (i % 50 == 0)
                    AssertNear(expected[i], Of(await service.Predicted(model, JsonSerializer.Serialize(Rows[i]))));
            }
        }
    }

    /// <summary>Sums of single-precision products depend on the size of the batch, by a few roundings.</summary>
    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], actual[k], 2e-5f * Math.Max(1, Math.Abs(expected[k])));
    }

    private static void SkipWithoutLibTorch()
    {
        try
        {
            TorchRuntime.EnsureLoaded();
        }
        catch (Exception e) when (e is DllNotFoundException or InvalidOperationException)
        {
            Assert.Skip($"Training needs libtorch: {e.Message}");
        }
    }

    public sealed record Point
    {
        [VectorType(3)] public float[] Features { get; init; } = [];
    }
}
