using System.Net;
using System.Text;
using System.Text.Json;

namespace ProbML.Service.Tests;

[Collection(RunningService.Alone)]
public class DriftTests
{
    [Fact]
    public async Task Shifted_rows_are_noticed_and_those_of_training_are_not()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile), ("claims.drift", TestModels.DriftFile)]);
        var random = new Random(1);
        await Send(service, Enumerable.Range(0, 400).Select(_ => TestModels.Policies[random.Next(TestModels.Policies.Length)]), 400);
        Assert.False((await service.Get("/models/claims/drift")).GetProperty("isDrift").GetBoolean());

        await Send(service, Enumerable.Range(0, 300).Select(_ => TestModels.Policies[random.Next(TestModels.Policies.Length)])
            .Select(policy => policy with { Holders = policy.Holders + 40 }), 700);
        var status = await service.Get("/models/claims/drift");
        Assert.True(status.GetProperty("isDrift").GetBoolean());
        Assert.Equal("Holders", status.GetProperty("feature").GetString());
        Assert.InRange(status.GetProperty("driftRow").GetInt32(), 401, 700);

        var report = await service.Get("/models/claims/drift/report");
        Assert.Contains("Holders", report.ToString(), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/models/claims/drift/report") { Headers = { { "Accept", "text/html" } } };
        using var page = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.StartsWith("<!DOCTYPE html>", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);

        string metrics = await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("probml_drift_alarm{otel_scope_name=\"ProbML.ScoringService\",model=\"claims\"} 1", metrics, StringComparison.Ordinal);
        using var reset = await service.Client.PostAsync("/models/claims/drift/reset", null, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await service.Get("/models/claims/drift")).GetProperty("rows").GetInt32());
    }

    [Fact]
    public async Task It_is_remembered_over_a_restart_and_a_new_model_but_not_a_new_reference()
    {
        var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile), ("claims.drift", TestModels.DriftFile)]);
        await Send(service, TestModels.Policies, TestModels.Policies.Length);
        string before = (await service.Get("/models/claims/drift")).ToString();
        await service.Stop();
        await using var again = await RunningService.StartIn(service.Folder);
        Assert.Equal(before, (await again.Get("/models/claims/drift")).ToString());

        again.Put("claims.zip", TestModels.Claims(2));
        string version = (await again.Get("/models/claims")).GetProperty("version").GetString()!;
        await RunningService.Until(async () => (await again.Get("/models/claims")).GetProperty("version").GetString() != version);
        Assert.Equal(before, (await again.Get("/models/claims/drift")).ToString());

        again.Put("claims.drift", TestModels.Drift(["Claims", "Age"]));
        await RunningService.Until(async () => (await again.Get("/models/claims/drift")).GetProperty("rows").GetInt32() == 0);
    }

    [Theory]
    [InlineData(true, "Claims")]
    [InlineData(false, "drift monitor")]
    public async Task A_monitor_that_cannot_watch_says_why_and_the_model_is_served(bool isMonitor, string message)
    {
        byte[] drift = isMonitor ? TestModels.Drift([]) : "{}"u8.ToArray();       // the label is a column that rows may lack
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile), ("claims.drift", drift)]);
        Assert.Equal("degraded", (await service.Health()).GetProperty("status").GetString());
        Assert.Contains(message, (await service.Get("/models")).GetProperty("models")[0].GetProperty("driftFault").GetString(), StringComparison.Ordinal);
        await service.Predicted("claims", """{"District":"1","Age":"<25","Holders":10}""");
        using var answer = await service.Client.GetAsync("/models/claims/drift", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        service.Put("claims.drift", TestModels.DriftFile);
        await RunningService.Until(async () => (await service.Health()).GetProperty("status").GetString() == "ready");
    }

    [Fact]
    public async Task Rows_beyond_the_queue_are_scored_and_counted_as_not_observed()
    {
        await using var service = await RunningService.Start(
            [("claims.zip", TestModels.ClaimsFile), ("claims.drift", TestModels.DriftFile)], "DriftQueueRows=10");
        await service.Predicted("claims", JsonSerializer.Serialize(TestModels.Policies));
        Assert.Equal(0, (await service.Get("/models/claims/drift")).GetProperty("rows").GetInt32());
        Assert.Contains(
            $"probml_drift_rows_dropped_total{{otel_scope_name=\"ProbML.ScoringService\",model=\"claims\"}} {TestModels.Policies.Length}",
            await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    private static async Task Send(RunningService service, IEnumerable<TestModels.Policy> rows, int total)
    {
        var body = new StringBuilder();
        foreach (var row in rows)
            body.Append(JsonSerializer.Serialize(row)).Append('\n');
        await service.Batch("claims", body.ToString());
        await RunningService.Until(async () => (await service.Get("/models/claims/drift")).GetProperty("rows").GetInt32() == total);
    }
}
