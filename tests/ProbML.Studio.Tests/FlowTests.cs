using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

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

    [Theory]
    [InlineData("price", nameof(Scenario.Quantity), "linear")]
    [InlineData("bought", nameof(Scenario.YesNo), "logistic")]
    public async Task Where_values_were_missing_the_onnx_file_predicts_what_the_model_does(string target, string scenario, string model)
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        await client.UploadAsync(Tables.Mixed());
        await client.AskAsync(target, Enum.Parse<Scenario>(scenario));
        string run = await client.TrainAsync(model);
        using var session = new InferenceSession(await client.DownloadAsync($"{run}/{model}?handler=Onnx"));
        var ml = new MLContext();
        var loaded = ml.Model.Load(new MemoryStream(await client.DownloadAsync($"{run}/{model}?handler=Zip")), out _);
        foreach (var row in (Customer[])[new(), new() { age = double.NaN }, new() { age = double.NaN, shop = "" }, new() { shop = "" }])
        {
            var view = ml.Transforms.DropColumns(target).Fit(ml.Data.LoadFromEnumerable([row])).Transform(ml.Data.LoadFromEnumerable([row]));
            var inputs = session.InputMetadata.Keys.Select(name => view.Schema[name].Type is TextDataViewType
                ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<string>(new[] { view.GetColumn<string>(name).Single() }, [1, 1]))
                : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<double>(new[] { view.GetColumn<double>(name).Single() }, [1, 1]))).ToList();
            using var outputs = session.Run(inputs);
            float expected = loaded.Transform(view).GetColumn<float>("Score").Single();
            Assert.True(float.IsFinite(expected));
            Assert.Equal(expected, outputs.Single(output => output.Name == "Score").AsTensor<float>().Single(), 1e-5f);
        }
    }

    [Theory]
    [InlineData(new[] { 0.1, 0.2, double.NaN, 0.4 }, true)]
    [InlineData(new[] { 1.0, 1e30, double.NaN }, true)]
    [InlineData(new[] { 1.6e9, 1.6e9 + 1, 1.6e9 + 3, double.NaN }, false)]     // seconds: single precision has steps of 128
    [InlineData(new[] { 1.0, 1e300, double.NaN }, false)]
    [InlineData(new[] { 0.1, 0.1, double.NaN }, false)]                        // no spread to measure by, and not exact
    [InlineData(new[] { 0.5, 0.5, double.NaN }, true)]
    public void Single_precision_is_taken_where_it_does_no_harm(double[] numbers, bool fits) =>
        Assert.Equal(fits, TableColumn.OfNumbers("x", numbers).FitsSingle);

    [Fact]
    public async Task A_model_without_an_onnx_form_says_why()
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        // Seconds since 1970: single precision has not digits enough for them, so that missing ones are replaced in double precision.
        string[] lines = Tables.Mixed(withMissing: false).TrimEnd().Split('\n');
        await client.UploadAsync(string.Join(
            '\n', lines.Select((line, i) => i == 0 ? $"{line},when" : i % 9 == 0 ? $"{line}," : string.Create(CultureInfo.InvariantCulture, $"{line},{1.6e9 + (i * 37 % 101)}"))));
        await client.AskAsync("price", Scenario.Quantity);
        string run = await client.TrainAsync("linear");
        using var response = await client.GetAsync($"{run}/linear?handler=Onnx");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        string page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("ONNX", Alert().Match(page).Groups[1].Value, StringComparison.Ordinal);
    }

#pragma warning disable IDE1006 // columns are called as in the file
    private sealed class Customer
    {
        public double size { get; set; } = 2.5;

        public string shop { get; set; } = "south";

        public double age { get; set; } = 3.5;

        public double price { get; set; } = 1.5;

        public double visits { get; set; } = 1;

        public string bought { get; set; } = "yes";

        public string kind { get; set; } = "red";

        public double grade { get; set; } = 2;
    }
#pragma warning restore IDE1006

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
