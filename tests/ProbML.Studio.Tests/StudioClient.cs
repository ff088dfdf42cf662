using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace ProbML.Studio.Tests;

/// <summary>What a browser does, without one: cookies, forms with their tokens, redirects.</summary>
internal sealed partial class StudioClient : IDisposable
{
    private readonly HttpClient client;

    public StudioClient(StudioHost host)
    {
        Cookies = new();
        client = new(new HttpClientHandler { CookieContainer = Cookies }) { BaseAddress = host.Address };
    }

    public CookieContainer Cookies { get; }

    public Task<HttpResponseMessage> GetAsync(string path) => client.GetAsync(path, Stop);

    /// <summary>A page that must be there.</summary>
    public async Task<string> PageAsync(string path)
    {
        using var response = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Stop);
    }

    public async Task<byte[]> DownloadAsync(string path)
    {
        using var response = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync(Stop);
    }

    /// <summary>Sends a form of a page, with the token that the page has.</summary>
    public async Task<Answer> PostAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        string token = Token(await PageAsync(page));
        using var form = new FormUrlEncodedContent(
            fields.Append(("__RequestVerificationToken", token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        return await AnswerOf(await client.PostAsync(action, form, Stop));
    }

    /// <summary>Sends a form without a token.</summary>
    public async Task<Answer> PostBareAsync(string action, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await AnswerOf(await client.PostAsync(action, form, Stop));
    }

    public Task<Answer> UploadAsync(string text, string name = "table.csv", params (string Name, string Value)[] fields) =>
        UploadAsync(Encoding.UTF8.GetBytes(text), name, "/", fields);

    public async Task<Answer> UploadAsync(byte[] content, string name, string page = "/", params (string Name, string Value)[] fields)
    {
        string token = Token(await PageAsync(page));
        using var form = new MultipartFormDataContent();
        using var file = new ByteArrayContent(content);
        form.Add(file, "file", name);
        using var tokenPart = new StringContent(token);
        form.Add(tokenPart, "__RequestVerificationToken");
        foreach (var (field, value) in fields)
            form.Add(new StringContent(value), field);
        return await AnswerOf(await client.PostAsync(page, form, Stop));
    }

    /// <summary>Asks a question of the table, its columns used as the page proposes.</summary>
    public async Task<Answer> AskAsync(string target, Scenario scenario)
    {
        string page = await PageAsync("/data");
        var options = Options().Match(page, page.IndexOf("id=\"target\"", StringComparison.Ordinal));
        string? place = null;
        for (; options.Success && place is null; options = options.NextMatch())
        {
            if (WebUtility.HtmlDecode(options.Groups[2].Value) == target)
                place = options.Groups[1].Value;
        }
        Assert.NotNull(place);
        var uses = Uses().Matches(page).Select(use => (use.Groups[1].Value, Chosen().Match(use.Groups[2].Value) is { Success: true } chosen
            ? chosen.Groups[1].Value : FirstOption().Match(use.Groups[2].Value).Groups[1].Value));
        return await PostAsync("/data", "/data", [("target", place), ("scenario", scenario.ToString()), .. uses]);
    }

    /// <summary>Trains models and waits for the end; gives the path of the run.</summary>
    public async Task<string> TrainAsync(params string[] models)
    {
        var started = await PostAsync("/models", "/models", [.. models.Select(model => ("model", model))]);
        Assert.StartsWith("/runs/", started.Path, StringComparison.Ordinal);
        await EventsAsync(started.Path);
        return started.Path;
    }

    /// <summary>All events of a training, to its end.</summary>
    public Task<string> EventsAsync(string run) => client.GetStringAsync(run + "/progress", Stop);

    public void Dispose() => client.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Token(string page)
    {
        var match = TokenField().Match(page);
        Assert.True(match.Success, "The page has no form token.");
        return match.Groups[1].Value;
    }

    private static async Task<Answer> AnswerOf(HttpResponseMessage response)
    {
        using (response)
        {
            return new(
                response.StatusCode,
                response.RequestMessage!.RequestUri!.PathAndQuery,
                await response.Content.ReadAsStringAsync(Stop));
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)\"")]
    private static partial Regex TokenField();

    [GeneratedRegex("<option value=\"(\\d+)\"[^>]*>([^<]*)</option>")]
    private static partial Regex Options();

    [GeneratedRegex("<select name=\"(use\\d+)\"[^>]*>(.*?)</select>", RegexOptions.Singleline)]
    private static partial Regex Uses();

    [GeneratedRegex("<option value=\"(\\w+)\" selected")]
    private static partial Regex Chosen();

    [GeneratedRegex("<option value=\"(\\w+)\"")]
    private static partial Regex FirstOption();
}

/// <summary>What came back, after redirects.</summary>
internal sealed record Answer(HttpStatusCode Status, string Path, string Page)
{
    /// <summary>The page as a person reads it: without markup, entities decoded.</summary>
    public string Text => WebUtility.HtmlDecode(Regex.Replace(Page, "<[^>]*>", " "));
}
