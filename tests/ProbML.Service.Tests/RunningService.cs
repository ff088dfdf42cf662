using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using ProbML.Examples.Scoring;

namespace ProbML.Service.Tests;

/// <summary>The service on a free port of this machine, over folders of its own.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    public const string Key = "a key of the tests";

    /// <summary>The collection of tests that run one after the other: meters and memory belong to the process.</summary>
    public const string Alone = "one service at a time";

    private readonly WebApplication app;

    private RunningService(WebApplication app, string folder)
    {
        (this.app, Folder) = (app, folder);
        // The endpoints are bound in the order of their names.
        string[] urls = [.. app.Urls];
        (Client, Streams) = (Connect(urls[0], HttpVersion.Version11), Connect(urls[1], HttpVersion.Version20));
        Client.DefaultRequestHeaders.Add(ApiKeyMiddleware.Header, Key);
        Streams.DefaultRequestHeaders.Add(ApiKeyMiddleware.Header, Key);
    }

    /// <summary>Sends the key, by HTTP/1.1.</summary>
    public HttpClient Client { get; }

    /// <summary>Sends the key, by HTTP/2: it reads while it sends.</summary>
    public HttpClient Streams { get; }

    public string Folder { get; }

    public string Models => Path.Combine(Folder, "models");

    /// <param name="files">The models that are there from the start, by name.</param>
    /// <param name="settings">Settings of the service such as "MaximumRows=2".</param>
    public static Task<RunningService> Start(IEnumerable<(string Name, byte[] File)> files, params string[] settings)
    {
        string folder = Directory.CreateTempSubdirectory("probml-service").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "models"));
        foreach (var (name, file) in files)
            File.WriteAllBytes(Path.Combine(folder, "models", name), file);
        return StartIn(folder, settings);
    }

    public static async Task<RunningService> StartIn(string folder, params string[] settings)
    {
        var app = Examples.Scoring.Service.Create(
        [
            "--Kestrel:Endpoints:A:Url=http://127.0.0.1:0",
            "--Kestrel:Endpoints:B:Url=http://127.0.0.1:0",
            "--Kestrel:Endpoints:B:Protocols=Http2",
            "--Logging:LogLevel:Default=None",
            $"--Scoring:Models={Path.Combine(folder, "models")}",
            $"--Scoring:State={Path.Combine(folder, "state")}",
            $"--Scoring:ApiKeys:0={Key}",
            "--Scoring:ReloadSeconds=0.05",
            .. settings.Select(setting => $"--Scoring:{setting}"),
        ]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var service = new RunningService(app, folder);
        await RunningService.Until(async () => (await service.Health()).GetProperty("status").GetString() != "starting");
        return service;
    }

    public async Task<JsonElement> Get(string path) =>
        await Client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    public async Task<JsonElement> Health()
    {
        using var answer = await Client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> Predict(string model, string body) => Client.PostAsync(
        $"/models/{model}/predict", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    public async Task<JsonElement> Predicted(string model, string body)
    {
        using var answer = await Predict(model, body);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The lines that a short stream is answered by.</summary>
    public async Task<string[]> Batch(string model, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/x-ndjson");
        using var answer = await Client.PostAsync($"/models/{model}/batch", content, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public Task<string[]> Batch(string model, string body) => Batch(model, Encoding.UTF8.GetBytes(body));

    /// <summary>Waits for something that comes within seconds.</summary>
    public static async Task Until(Func<Task<bool>> isSo)
    {
        for (int i = 0; i < 1000; i++)
        {
            if (await isSo())
                return;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        Assert.Fail("What was waited for did not come.");
    }

    /// <summary>Puts a file in its place at once.</summary>
    public void Put(string name, byte[] file)
    {
        string beside = Path.Combine(Folder, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(beside, file);
        File.Move(beside, Path.Combine(Models, name), overwrite: true);
    }

    /// <summary>Stops it, and leaves its folders.</summary>
    public async Task Stop()
    {
        Client.Dispose();
        Streams.Dispose();
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
    }

    /// <summary>Begins to stop it.</summary>
    public Task Stopping() => app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(Folder, recursive: true);
    }

    private static HttpClient Connect(string url, Version version) => new()
    {
        BaseAddress = new(url),
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(60),
    };
}
