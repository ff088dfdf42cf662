using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.ML;

namespace ProbML.Service.Tests;

[Collection(RunningService.Alone)]
public class ReloadTests
{
    private const string Row = """{"District":"1","Age":"<25","Holders":10}""";

    [Fact]
    public async Task A_model_is_replaced_under_traffic_without_a_failed_request()
    {
        byte[][] files = [TestModels.ClaimsFile, TestModels.Claims(10)];
        float[] scores = [.. files.Select(file => TestModels.Scored(file, [new TestModels.Policy { District = "1", Age = "<25", Holders = 10 }], "Score")["Score"][0])];
        Assert.True(scores[1] > 5 * scores[0]);
        await using var service = await RunningService.Start([("claims.zip", files[0])]);
        await using var stream = OpenStream.Start(service, "claims");
        var seen = new ConcurrentDictionary<string, ConcurrentDictionary<float, int>>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var answer = await service.Predict("claims", $"[{Row},{Row},{Row}]");
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                var versions = seen.GetOrAdd(answer.Headers.GetValues("X-Model-Version").Single(), _ => new());
                foreach (var prediction in body.RootElement.EnumerateArray())
                    versions.AddOrUpdate(prediction.GetProperty("Score").GetSingle(), 1, (_, count) => count + 1);
            }
        })).ToArray();
        for (int i = 1; i <= 8; i++)
        {
            await stream.Send(Row + "\n");                  // begun on the first model, and so it goes on
            Assert.Equal(scores[0], JsonDocument.Parse((await stream.ReadLine())!).RootElement.GetProperty("Score").GetSingle());
            string version = (await service.Get("/models/claims")).GetProperty("version").GetString()!;
            service.Put("claims.zip", files[i % 2]);
            await RunningService.Until(async () => (await service.Get("/models/claims")).GetProperty("version").GetString() != version);
        }
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Equal(2, seen.Count);
        Assert.Equal(scores.Order(), seen.Values.Select(one => Assert.Single(one).Key).Order());
    }

    [Fact]
    public async Task A_damaged_file_leaves_the_model_before_it_and_shows_in_health()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile), ("curve.zip", TestModels.CurveFile)]);
        Assert.Equal("ready", (await service.Health()).GetProperty("status").GetString());
        float before = (await service.Predicted("claims", Row)).GetProperty("Score").GetSingle();
        byte[][] damaged = ["this is no model"u8.ToArray(), [], TestModels.ClaimsFile[..(TestModels.ClaimsFile.Length / 2)]];
        foreach (byte[] file in damaged)
        {
            service.Put("claims.zip", file);
            await RunningService.Until(async () => (await service.Health()).GetProperty("status").GetString() == "degraded");
            Assert.Equal(["claims"], (await service.Health()).GetProperty("failed").EnumerateArray().Select(name => name.GetString()));
            Assert.NotEmpty((await service.Get("/models")).GetProperty("models")[0].GetProperty("fault").GetString()!);
            Assert.Equal(before, (await service.Predicted("claims", Row)).GetProperty("Score").GetSingle());
            service.Put("claims.zip", TestModels.ClaimsFile);
            await RunningService.Until(async () => (await service.Health()).GetProperty("status").GetString() == "ready");
        }
    }

    [Fact]
    public async Task Models_come_and_go()
    {
        await using var service = await RunningService.Start([]);
        Assert.Equal("no models", (await service.Health()).GetProperty("status").GetString());
        using (var early = await service.Client.GetAsync("/health/ready", TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        service.Put("claims.zip", TestModels.ClaimsFile);
        service.Put("kinds.zip", TestModels.KindsFile);
        await RunningService.Until(async () => (await service.Health()).GetProperty("served").GetInt32() == 2);
        Assert.Equal(["claims", "kinds"], (await service.Get("/models")).GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()));
        await Task.WhenAll(service.Predicted("claims", Row), service.Predicted("kinds", """{"Length":3,"Width":2}"""));
        File.Delete(Path.Combine(service.Models, "kinds.zip"));
        await RunningService.Until(async () => (await service.Predict("kinds", "{}")).StatusCode == HttpStatusCode.NotFound);
        await service.Predicted("claims", Row);
    }

    [Fact]
    public async Task What_cannot_be_served_says_why()
    {
        var ml = new MLContext();
        var rows = ml.Data.LoadFromEnumerable(TestModels.Points);
        var trainer = ml.Regression.Trainers.LinearRegression();
        await using var service = await RunningService.Start(
        [
            ("bare.zip", TestModels.Save(rows, trainer, withSchema: false)),
            ("series.zip", TestModels.Save(rows, ml.Transforms.CopyColumns("Copy", "Label").Append(ml.Transforms.DropColumns("Copy")))),
            ("good.zip", TestModels.Save(rows, trainer)),
        ]);
        var faults = (await service.Get("/models")).GetProperty("models").EnumerateArray()
            .ToDictionary(model => model.GetProperty("name").GetString()!, model => model.GetProperty("fault").GetString());
        Assert.Contains("schema", faults["bare"], StringComparison.Ordinal);
        Assert.Contains("adds a column", faults["series"], StringComparison.Ordinal);
        Assert.Null(faults["good"]);
    }
}
