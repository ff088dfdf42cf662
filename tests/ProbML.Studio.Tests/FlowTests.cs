using System.Net;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace ProbML.Studio.Tests;

/// <summary>From a file to a prediction, for each question.</summary>
public sealed partial class FlowTests
{
    [Theory]
    [InlineData("price", nameof(Scenario.Quantity), "linear bayesian-linear gamma trees", "expected")]
    [InlineData("visits", nameof(Scenario.Count), "poisson negative-binomial trees", "expected")]
    [InlineData("bought", nameof(Scenario.YesNo), "logistic probit trees", "probability")]
    [InlineData("kind", nameof(Scenario.Class), "multinomial trees", "most likely")]
    [InlineData("grade", nameof(Scenario.Ordered), "ordinal-logit multinomial", "most likely")]
    public async Task A_question_is_answered_by_a_distribution(string target, string scenario, string models, string answer)
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        Assert.Equal("/data", (await client.UploadAsync(Tables.Mixed())).Path);
        var asked = await client.AskAsync(target, Enum.Parse<Scenario>(scenario));
        Assert.Equal("/models", asked.Path);
        string run = await client.TrainAsync(models.Split(' '));
        string results = await client.PageAsync(run);
        foreach (string model in models.Split(' '))
        {
            Assert.Contains($"href=\"{run}/{model}\"", results, StringComparison.Ordinal);
            string page = await client.PageAsync($"{run}/{model}");
            Assert.Contains("Ask for a prediction", page, StringComparison.Ordinal);
            var predicted = await client.PostAsync(
                $"{run}/{model}", $"{run}/{model}", [.. Typical(target), ("vary", "0")]);
            Assert.Equal(HttpStatusCode.OK, predicted.Status);
            Assert.Contains(answer, predicted.Text, StringComparison.Ordinal);
            Assert.Contains("The same row with other values", predicted.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("can say nothing", predicted.Text, StringComparison.Ordinal);
            Assert.StartsWith("PK", System.Text.Encoding.Latin1.GetString(await client.DownloadAsync($"{run}/{model}?handler=Zip")), StringComparison.Ordinal);
            string report = await client.PageAsync($"{run}/{model}/report");
            Assert.DoesNotContain("There is no report", report, StringComparison.Ordinal);
            Assert.Contains("<img src=\"?handler=Plot&amp;section=", report, StringComparison.Ordinal);
            string html = System.Text.Encoding.UTF8.GetString(await client.DownloadAsync($"{run}/{model}/report?handler=Html"));
            Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("Score", System.Text.Encoding.UTF8.GetString(await client.DownloadAsync($"{run}/{model}?handler=Predictions")), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("price", nameof(Scenario.Quantity), "linear bayesian-linear gamma trees")]
    [InlineData("visits", nameof(Scenario.Count), "poisson negative-binomial trees")]
    [InlineData("bought", nameof(Scenario.YesNo), "logistic cloglog trees")]
    [InlineData("kind", nameof(Scenario.Class), "multinomial trees")]
    [InlineData("grade", nameof(Scenario.Ordered), "ordinal-logit")]
    public async Task A_model_becomes_an_onnx_file_that_a_runtime_reads(string target, string scenario, string models)
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        await client.UploadAsync(Tables.Mixed(withMissing: false));
        await client.AskAsync(target, Enum.Parse<Scenario>(scenario));
        string run = await client.TrainAsync(models.Split(' '));
        foreach (string model in models.Split(' '))
        {
            using var response = await client.GetAsync($"{run}/{model}?handler=Onnx");
            byte[] file = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.True(
                response.StatusCode == HttpStatusCode.OK,
                $"{model} of {target}: {Alert().Match(System.Text.Encoding.UTF8.GetString(file)).Groups[1].Value}");
            using var session = new InferenceSession(file);
            Assert.Contains("size", session.InputMetadata.Keys);
            Assert.DoesNotContain(target, session.InputMetadata.Keys);
            Assert.Contains("Score", session.OutputMetadata.Keys);
        }
    }

    [Fact]
    public async Task A_model_without_an_onnx_form_says_why()
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        await client.UploadAsync(Tables.Mixed(withMissing: true));
        await client.AskAsync("price", Scenario.Quantity);
        string run = await client.TrainAsync("linear");
        using var response = await client.GetAsync($"{run}/linear?handler=Onnx");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        string page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("ONNX", Alert().Match(page).Groups[1].Value, StringComparison.Ordinal);
    }

    [GeneratedRegex("role=\"alert\">([^<]*)")]
    private static partial Regex Alert();

    private static IEnumerable<(string, string)> Typical(string target)
    {
        // Inputs in the order of the file, less the target.
        (string Column, string Value)[] all =
        [
            ("size", "2.5"), ("shop", "south"), ("age", "4"), ("price", "1.5"), ("visits", "1"), ("bought", "yes"), ("kind", "red"), ("grade", "2"),
        ];
        return all.Where(input => input.Column != target).Select((input, i) => (InputForm.FieldName(i), input.Value));
    }
}
