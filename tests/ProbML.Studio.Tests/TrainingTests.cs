using System.Diagnostics;
using System.Net;

namespace ProbML.Studio.Tests;

/// <summary>Progress, cancellation, limits, and choices that do not fit.</summary>
public sealed class TrainingTests
{
    [Fact]
    public async Task A_training_is_followed_and_cancelled()
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        await client.UploadAsync(Tables.Mixed(2400, withMissing: false));
        await client.AskAsync("price", Scenario.Quantity);
        var started = await client.PostAsync("/models", "/models", ("model", "linear"), ("model", "gaussian-process"), ("model", "trees"));
        var events = client.EventsAsync(started.Path);
        var watch = Stopwatch.StartNew();
        while (!(await client.PageAsync(started.Path)).Contains("data-state=\"training\"", StringComparison.Ordinal) && watch.Elapsed.TotalSeconds < 20)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        watch.Restart();
        await client.PostAsync(started.Path, started.Path + "?handler=Cancel");
        string told = await events;
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"It ended {watch.Elapsed} after it was cancelled.");
        Assert.Contains("\"hasEnded\":true", told, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"training\"", told, StringComparison.Ordinal);
        string page = await client.PageAsync(started.Path);
        Assert.Contains("Cancelled:", page, StringComparison.Ordinal);
        Assert.Contains("data-state=\"cancelled\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trainings_wait_for_a_place_and_too_many_are_refused()
    {
        await using var host = await StudioHost.StartAsync(new() { MaximumTrainings = 1, MaximumWaiting = 1 });
        using StudioClient first = new(host), second = new(host), third = new(host);
        var runs = new List<string>();
        foreach (var client in (StudioClient[])[first, second, third])
        {
            await client.UploadAsync(Tables.Mixed(2400, withMissing: false));
            await client.AskAsync("price", Scenario.Quantity);
        }
        foreach (var client in (StudioClient[])[first, second])
            runs.Add((await client.PostAsync("/models", "/models", ("model", "gaussian-process"))).Path);
        Assert.Contains("Waiting for a free place", await second.PageAsync(runs[1]), StringComparison.Ordinal);
        var refused = await third.PostAsync("/models", "/models", ("model", "linear"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        var twice = await first.PostAsync("/models", "/models", ("model", "linear"));
        Assert.Contains("goes on already", twice.Text, StringComparison.Ordinal);
        await second.PostAsync(runs[1], runs[1] + "?handler=Cancel");
        await first.PostAsync(runs[0], runs[0] + "?handler=Cancel");
        Assert.Contains("\"hasEnded\":true", await second.EventsAsync(runs[1]), StringComparison.Ordinal);
        Assert.Contains("\"hasEnded\":true", await first.EventsAsync(runs[0]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop", nameof(Scenario.Quantity), "is not a number in every row")]
    [InlineData("price", nameof(Scenario.Count), "is not a count")]
    [InlineData("price", nameof(Scenario.YesNo), "different values, not two")]
    [InlineData("price", nameof(Scenario.Class), "up to 50 classes")]
    public async Task A_question_that_does_not_fit_is_refused_with_a_reason(string target, string scenario, string reason)
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        await client.UploadAsync(Tables.Mixed());
        var answer = await client.AskAsync(target, Enum.Parse<Scenario>(scenario));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(reason, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_are_checked_and_kept()
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        await client.UploadAsync(Tables.Insurance);
        await client.AskAsync("Claims", Scenario.Count);
        var wrong = await client.PostAsync("/models", "/models?handler=Settings", ("level", "200"), ("heldOut", "25"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("between 50 % and 99.9 %", wrong.Text, StringComparison.Ordinal);
        var right = await client.PostAsync(
            "/models", "/models?handler=Settings", ("level", "90"), ("heldOut", "20"), ("exposure", "Holders"));
        Assert.Contains("From 3 columns", right.Text, StringComparison.Ordinal);
        string run = await client.TrainAsync("poisson", "negative-binomial");
        var bad = await client.PostAsync(run + "/poisson", run + "/poisson", ("input0", "1"), ("input1", "9l"), ("input2", "<25"), ("input3", "many"));
        Assert.Equal(HttpStatusCode.BadRequest, bad.Status);
        Assert.Contains("'9l' is not among its categories", bad.Text, StringComparison.Ordinal);
        Assert.Contains("'many' is not a number", bad.Text, StringComparison.Ordinal);
        var good = await client.PostAsync(run + "/poisson", run + "/poisson", ("input0", "1"), ("input1", "<1l"), ("input2", "<25"), ("input3", "100"));
        Assert.Contains("with 90 % probability", good.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drift_between_two_files_is_found_and_none_where_there_is_none()
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        await client.UploadAsync(Tables.Mixed(300));
        var same = await client.UploadAsync(System.Text.Encoding.UTF8.GetBytes(Tables.Mixed(300)), "same.csv", "/drift");
        Assert.Contains("No drift was found", same.Text, StringComparison.Ordinal);
        string moved = string.Join('\n', Tables.Mixed(300).Split('\n').Select((line, i) => i == 0 || line.Length == 0 ? line : "9" + line));
        var drifted = await client.UploadAsync(System.Text.Encoding.UTF8.GetBytes(moved), "moved.csv", "/drift");
        Assert.Contains("It has drifted", drifted.Text, StringComparison.Ordinal);
        Assert.Contains("<html", System.Text.Encoding.UTF8.GetString(await client.DownloadAsync("/drift?handler=Report")), StringComparison.OrdinalIgnoreCase);
        var other = await client.UploadAsync("x\n1\n2\n"u8.ToArray(), "other.csv", "/drift");
        Assert.Equal(HttpStatusCode.BadRequest, other.Status);
        Assert.Contains("lacks 'size'", other.Text, StringComparison.Ordinal);
    }
}
