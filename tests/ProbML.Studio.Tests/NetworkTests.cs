using System.Net;

namespace ProbML.Studio.Tests;

/// <summary>Questions without a target, whose models libtorch trains.</summary>
public sealed class NetworkTests
{
    [Fact]
    public async Task Without_libtorch_the_page_says_what_to_add()
    {
        Assert.SkipWhen(NetworkModels.Lack is null, "There is a libtorch.");
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        await client.UploadAsync(Tables.Mixed());
        var asked = await client.AskAsync("grade", Scenario.Rare);
        Assert.Equal("/models", asked.Path);
        Assert.Contains("PROBML_LIBTORCH", asked.Text, StringComparison.Ordinal);
        var refused = await client.PostAsync("/models", "/models", ("model", "flow"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("PROBML_LIBTORCH", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Scenario.Rare), "flow", "This row is", "of ordinary rows are as rare")]
    [InlineData(nameof(Scenario.Rare), "autoencoder", "This row is", "Surprise")]
    [InlineData(nameof(Scenario.Hidden), "latent-2", "Hidden numbers:", "ELBO of the row")]
    public async Task With_libtorch_rows_are_judged_and_described(string scenario, string model, string headline, string detail)
    {
        Assert.SkipWhen(NetworkModels.Lack is not null, "There is no libtorch: name one in PROBML_LIBTORCH.");
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        await client.UploadAsync(Tables.Mixed(600, withMissing: false));
        await client.AskAsync("grade", Enum.Parse<Scenario>(scenario));
        string run = await client.TrainAsync(model);
        string results = await client.PageAsync(run);
        Assert.Contains($"href=\"{run}/{model}\"", results, StringComparison.Ordinal);
        var answer = await client.PostAsync(
            $"{run}/{model}",
            $"{run}/{model}",
            [.. new[] { "2.5", "south", "4", "1.5", "1", "yes", "red", "2" }.Select((value, i) => (InputForm.FieldName(i), value))]);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains(headline, answer.Text, StringComparison.Ordinal);
        Assert.Contains(detail, answer.Text, StringComparison.Ordinal);
        Assert.NotEmpty(await client.DownloadAsync($"{run}/{model}?handler=Project"));
        Assert.NotEmpty(await client.DownloadAsync($"{run}/{model}?handler=Predictions"));
        using var onnx = await client.GetAsync($"{run}/{model}?handler=Onnx");
        Assert.Contains(onnx.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.BadRequest });
    }
}
