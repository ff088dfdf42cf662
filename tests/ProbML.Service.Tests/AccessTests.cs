using System.Net;
using System.Text;
using ProbML.Examples.Scoring;

namespace ProbML.Service.Tests;

[Collection(RunningService.Alone)]
public class AccessTests
{
    [Fact]
    public async Task Everything_but_health_needs_a_key()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)], "ApiKeys:1=another");
        using var stranger = new HttpClient { BaseAddress = service.Client.BaseAddress };
        var cancellation = TestContext.Current.CancellationToken;
        foreach (string path in (string[])["/health/live", "/health/ready"])
            Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(path, cancellation)).StatusCode);
        string[] locked = ["/models", "/models/claims", "/models/claims/drift", "/metrics", "/openapi/v1.json", "/nothing"];
        foreach (string? key in (string?[])[null, "", "demo", RunningService.Key[..^1], RunningService.Key + "x"])
        {
            foreach (string path in locked)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                if (key is not null)
                    request.Headers.TryAddWithoutValidation(ApiKeyMiddleware.Header, key);
                using var answer = await stranger.SendAsync(request, cancellation);
                Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
                Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            }
        }
        using var post = await stranger.PostAsync("/models/claims/predict", new StringContent("{}", Encoding.UTF8, "application/json"), cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, post.StatusCode);

        stranger.DefaultRequestHeaders.Authorization = new("Bearer", "another");
        foreach (string path in locked)
            Assert.NotEqual(HttpStatusCode.Unauthorized, (await stranger.GetAsync(path, cancellation)).StatusCode);
    }

    [Fact]
    public void It_does_not_start_without_a_key() =>
        Assert.Contains("API key", Assert.Throws<InvalidOperationException>(() => Examples.Scoring.Service.Create([])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("BlockRows=0")]
    [InlineData("ReloadSeconds=-1")]
    [InlineData("SaveSeconds=NaN")]
    public void A_setting_out_of_range_is_named(string setting) => Assert.Contains(
        setting.Split('=')[0],
        Assert.Throws<InvalidOperationException>(() => Examples.Scoring.Service.Create(["--Scoring:ApiKeys:0=x", $"--Scoring:{setting}"])).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task The_document_and_the_metrics_know_the_model()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)]);
        var document = await service.Get("/openapi/v1.json");
        var row = document.GetProperty("components").GetProperty("schemas").GetProperty("claims.Row");
        Assert.Equal(["District", "Age", "Holders", "Claims"], row.GetProperty("properties").EnumerateObject().Select(column => column.Name));
        Assert.Equal(["Age", "District", "Holders"], row.GetProperty("required").EnumerateArray().Select(name => name.GetString()).Order());
        Assert.True(document.GetProperty("paths").TryGetProperty("/models/claims/predict", out _));
        Assert.Equal("X-Api-Key", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("ApiKey").GetProperty("name").GetString());

        await service.Predicted("claims", """[{"District":"1","Age":"<25","Holders":10},{"District":"2","Age":"<25","Holders":10}]""");
        await service.Predict("claims", """{"District":"1"}""");
        string metrics = await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("model=\"claims\"} 2", Line(metrics, "probml_rows_scored_total"), StringComparison.Ordinal);
        Assert.Contains("model=\"claims\"} 1", Line(metrics, "probml_rows_rejected_total"), StringComparison.Ordinal);
        Assert.Contains("outcome=\"served\"} 1", Line(metrics, "probml_model_loads_total"), StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_too_long_in_the_queue_is_told_to_come_again()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)], "ConcurrentStreams=1");
        await using var first = OpenStream.Start(service, "claims");
        await first.Send("""{"District":"1","Age":"<25","Holders":10}""" + "\n");
        await first.ReadLine();
        var content = new ByteArrayContent([]);
        content.Headers.ContentType = new("application/x-ndjson");
        using var second = await service.Client.PostAsync("/models/claims/batch", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), second.Headers.RetryAfter?.Delta);
        await service.Predicted("claims", """{"District":"1","Age":"<25","Holders":10}""");
    }

    private static string Line(string metrics, string name) => Assert.Single(metrics.Split('\n'), line => line.StartsWith(name + "{", StringComparison.Ordinal));
}
