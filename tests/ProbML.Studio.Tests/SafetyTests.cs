using System.IO.Compression;
using System.Net;
using System.Text;

namespace ProbML.Studio.Tests;

/// <summary>Nothing that a file holds is run, and nothing of one user is another's.</summary>
public sealed class SafetyTests
{
    private const string Script = "<script>alert(1)</script>";

    private static string Hostile(int rows = 60)
    {
        var random = new Random(3);
        var text = new StringBuilder($"{Script},\"=cmd|' /C calc'!A0\",\"\"\"; System.Environment.Exit(7); //\",\"class\",target\n");
        for (int i = 0; i < rows; i++)
            text.AppendLine(FormattableString.Invariant(
                $"{random.NextDouble():F3},{(i % 2 == 0 ? "=1+1" : "<b>bold</b>")},{random.NextDouble():F3},{i % 3},{random.NextDouble():F3}"));
        return text.ToString();
    }

    [Fact]
    public async Task Markup_and_formulas_in_a_file_stay_text()
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        await client.UploadAsync(Hostile(), "<img src=x onerror=alert(1)>.csv");
        await client.AskAsync("target", Scenario.Quantity);
        string run = await client.TrainAsync("linear", "trees");
        foreach (string path in (string[])["/data", "/models", run, run + "/linear", run + "/trees"])
        {
            string page = await client.PageAsync(path);
            Assert.DoesNotContain(Script, page, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>bold", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
        }
        string csv = Encoding.UTF8.GetString(await client.DownloadAsync(run + "/linear?handler=Predictions"));
        Assert.Contains("\"'=cmd", csv, StringComparison.Ordinal);
        Assert.Contains("\"'=1+1\"", csv, StringComparison.Ordinal);
        Assert.DoesNotMatch("(^|[,\n])\"?[=@]", csv);
    }

    [Fact]
    public async Task Names_of_columns_never_become_code()
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        await client.UploadAsync(Hostile());
        await client.AskAsync("target", Scenario.Quantity);
        string run = await client.TrainAsync("linear");
        using var archive = new ZipArchive(new MemoryStream(await client.DownloadAsync(run + "/linear?handler=Project")));
        Assert.Equal(
            ["ModelInput.cs", "ModelOutput.cs", "Prediction.csproj", "Program.cs", "README.md", "model.zip"],
            archive.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        using var reader = new StreamReader(archive.GetEntry("ModelInput.cs")!.Open());
        string input = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("[ColumnName(\"\\\"; System.Environment.Exit(7); //\")]", input, StringComparison.Ordinal);
        Assert.Contains("public double SystemEnvironmentExit7 { get; set; }", input, StringComparison.Ordinal);
        Assert.Contains("public double Class { get; set; }", input, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\"b", "\"a\\\"b\"")]
    [InlineData("a\\b\n\u2028é", "\"a\\\\b\\u000A\\u2028\\u00E9\"")]
    public void A_text_is_one_literal(string text, string literal) => Assert.Equal(literal, CSharpNames.Literal(text));

    [Fact]
    public void Properties_are_identifiers_and_differ() => Assert.Equal(
        ["Größe", "日本", "Column1st", "Equals_2", "ModelInput_2", "A", "A_2"],
        CSharpNames.Properties(["Größe", "日本", "1st", "Equals", "ModelInput", "a", "A"], "ModelInput"));

    [Fact]
    public async Task Nothing_of_one_user_is_visible_to_another()
    {
        await using var host = await StudioHost.StartAsync();
        using var alice = new StudioClient(host);
        using var bob = new StudioClient(host);
        await alice.UploadAsync(Tables.Mixed(60), "alice-secret.csv");
        await alice.AskAsync("price", Scenario.Quantity);
        string run = await alice.TrainAsync("linear");
        foreach (string path in (string[])[run, run + "/linear", run + "/linear?handler=Zip", run + "/linear?handler=Project", "/data", "/models", "/drift"])
        {
            using var response = await bob.GetAsync(path);
            Assert.Equal("/", response.RequestMessage!.RequestUri!.AbsolutePath);
            Assert.DoesNotContain("alice", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        using (var progress = await bob.GetAsync(run + "/progress"))
            Assert.Equal(HttpStatusCode.NotFound, progress.StatusCode);
        await bob.UploadAsync(Tables.Mixed(50), "bob.csv");
        foreach (string path in (string[])[run, run + "/linear", run + "/progress"])
        {
            using var response = await bob.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
        var cookie = Assert.Single(alice.Cookies.GetCookies(host.Address), cookie => cookie.Name == "probml-studio");
        Assert.True(cookie.HttpOnly);
        Assert.Matches("^[0-9a-f]{64}$", cookie.Value);
        Assert.NotEqual(cookie.Value, bob.Cookies.GetCookies(host.Address)["probml-studio"]!.Value);
    }

    [Fact]
    public async Task A_session_that_ends_leaves_nothing()
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        var store = (SessionStore)host.Services.GetService(typeof(SessionStore))!;
        await client.UploadAsync(Tables.Mixed(60));
        Assert.NotEmpty(Directory.GetFileSystemEntries(store.Folder));
        var ended = await client.PostAsync("/data", "/end");
        Assert.Contains("deleted", ended.Text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(store.Folder));
        Assert.Equal(0, store.Count);
        using var data = await client.GetAsync("/data");
        Assert.Equal("/", data.RequestMessage!.RequestUri!.AbsolutePath);
    }

    [Fact]
    public async Task Idle_sessions_end_and_their_number_is_limited()
    {
        await using var host = await StudioHost.StartAsync(new() { MaximumSessions = 2, SessionLifetime = TimeSpan.FromMilliseconds(400) });
        var store = (SessionStore)host.Services.GetService(typeof(SessionStore))!;
        using StudioClient first = new(host), second = new(host), third = new(host);
        await first.UploadAsync("a,b\n1,2\n");
        await second.UploadAsync("a,b\n1,2\n");
        var refused = await third.UploadAsync("a,b\n1,2\n");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        await Task.Delay(600, TestContext.Current.CancellationToken);
        Assert.Equal("/data", (await third.UploadAsync("a,b\n1,2\n")).Path);
        Assert.Single(Directory.GetFileSystemEntries(store.Folder));
    }

    [Fact]
    public async Task Forms_without_their_token_are_refused()
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        await client.UploadAsync(Tables.Mixed(60));
        foreach (string action in (string[])["/", "/data", "/models", "/drift", "/end"])
            Assert.Equal(HttpStatusCode.BadRequest, (await client.PostBareAsync(action, ("scenario", "Quantity"))).Status);
        Assert.Contains("table.csv", await client.PageAsync("/data"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_may_run_no_script_but_ours_and_answer_to_this_machine_alone()
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        using var response = await client.GetAsync("/");
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        string page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotMatch("(?i)\\son\\w+=|<script(?![^>]* src=)|style=|https?://", page);
        using var elsewhere = new HttpClient { BaseAddress = host.Address };
        elsewhere.DefaultRequestHeaders.Host = "evil.example";
        using var refused = await elsewhere.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }
}
