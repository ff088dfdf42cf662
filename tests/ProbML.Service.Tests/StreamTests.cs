using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ProbML.Service.Tests;

[Collection(RunningService.Alone)]
public class StreamTests
{
    private const string Row = """{"District":"1","Age":"<25","Holders":10}""";

    [Theory]
    [InlineData(2)]
    [InlineData(256)]
    public async Task Each_line_is_answered_by_a_line_in_the_same_order(int blockRows)
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)], $"BlockRows={blockRows}", "MaximumLineBytes=200");
        float[] expected = TestModels.Scored(TestModels.ClaimsFile, TestModels.Policies, "Score")["Score"];
        var lines = TestModels.Policies.Select(policy => JsonSerializer.Serialize(policy)).ToList();
        lines.Insert(30, "{\"District\":");
        lines.Insert(20, Row + new string(' ', 300));
        lines.Insert(10, Row + " 3");
        lines.Insert(5, """{"District":7,"Age":"<25","Holders":10}""");
        lines.Insert(0, "\uFEFF");
        lines[0] += lines[1];
        lines.RemoveAt(1);
        var bad = new (int Line, string? Column)[] { (6, "District"), (13, null), (24, null), (35, null) };
        lines.Insert(7, "  \r");                            // an empty line is counted, and not answered

        foreach (string end in (string[])["\n", "\r\n"])
        {
            string[] answers = await service.Batch("claims", string.Join(end, lines));
            Assert.Equal(TestModels.Policies.Length + bad.Length, answers.Length);
            var parsed = answers.Select(answer => JsonDocument.Parse(answer).RootElement).ToList();
            Assert.Equal(expected, parsed.Where(one => !one.TryGetProperty("error", out _)).Select(one => one.GetProperty("Score").GetSingle()));
            Assert.Equal(bad, parsed.Where(one => one.TryGetProperty("error", out _)).Select(one => one.GetProperty("error"))
                .Select(error => (error.GetProperty("line").GetInt32(), error.GetProperty("column").GetString())));
        }
    }

    [Fact]
    public async Task An_endless_line_does_not_take_memory_and_the_next_is_answered()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)], "MaximumLineBytes=1000", "MaximumRequestBytes=2000");
        await using var stream = OpenStream.Start(service, "claims");
        for (int i = 0; i < 500; i++)
            await stream.Send(new string('x', 10_000));
        await stream.Send("\n" + Row + "\n");
        var error = JsonDocument.Parse((await stream.ReadLine())!).RootElement.GetProperty("error");
        Assert.Equal(1, error.GetProperty("line").GetInt32());
        Assert.Contains("too long", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("Score", await stream.ReadLine(), StringComparison.Ordinal);
        await stream.Finish();
        Assert.Null(await stream.ReadLine());
    }

    [Fact]
    public async Task A_row_is_answered_before_the_next_is_sent()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)]);
        await using var stream = OpenStream.Start(service, "claims");
        for (int i = 1; i <= 20; i++)
        {
            await stream.Send($$"""{"District":"1","Age":"<25",""");
            await stream.Send($$"""
                "Holders":{{i}}}

                """);
            Assert.Contains("Score", await stream.ReadLine(), StringComparison.Ordinal);
        }
        await stream.Finish();
        Assert.Null(await stream.ReadLine());
    }

    [Fact]
    public async Task A_stream_of_many_rows_takes_the_memory_of_few()
    {
        const int Blocks = 200, Rows = 1000;
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)]);
        await using var stream = OpenStream.Start(service, "claims");
        byte[] block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Row + "\n", Rows)));
        long answers = 0, most = 0, start = 0;
        var reading = Task.Run(async () =>
        {
            while (await stream.ReadLine() is { } line)
            {
                Assert.StartsWith("{\"Score\"", line, StringComparison.Ordinal);
                if (++answers % 10_000 == 0)
                {
                    long now = GC.GetTotalMemory(forceFullCollection: true);
                    start = start == 0 ? now : start;
                    most = Math.Max(most, now - start);
                }
            }
        }, TestContext.Current.CancellationToken);
        for (int i = 0; i < Blocks; i++)
            await stream.Send(block);
        await stream.Finish();
        await reading;
        Assert.Equal(Blocks * Rows, answers);
        Assert.InRange(most, 0, 8 << 20);                   // 200,000 rows are 8 MB, and their answers 23 MB
    }

    [Fact]
    public async Task Nothing_is_read_from_a_client_that_takes_nothing()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)]);
        await using var stream = OpenStream.Start(service, "claims");
        byte[] block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Row + "\n", 100)));
        const int Blocks = 2000;
        int sent = 0;
        var sending = Task.Run(async () =>
        {
            for (; sent < Blocks; sent++)
                await stream.Send(block);
            await stream.Finish();
        }, TestContext.Current.CancellationToken);
        int before = -1;
        for (int i = 0; i < 100 && before != sent; i++)
        {
            before = sent;
            await Task.Delay(300, TestContext.Current.CancellationToken);
        }
        Assert.InRange(sent, 1, Blocks / 2);
        int answers = 0;
        while (await stream.ReadLine() is not null)
            answers++;
        await sending;
        Assert.Equal(100 * Blocks, answers);
    }

    [Fact]
    public async Task A_client_that_sends_all_before_it_reads_is_answered()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)]);
        string[] answers = await service.Batch("claims", string.Concat(Enumerable.Repeat(Row + "\n", 100_000)));
        Assert.Equal(100_000, answers.Length);
    }

    [Fact]
    public async Task A_stream_that_stands_still_is_ended()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)], "IdleSeconds=0.3");
        await using var stream = OpenStream.Start(service, "claims");
        await stream.Send(Row + "\n");
        Assert.NotNull(await stream.ReadLine());
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<Exception>(async () => await stream.ReadLine());
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.2, 10);
        await service.Predicted("claims", Row);
    }

    [Fact]
    public async Task A_stream_under_way_ends_well_when_the_service_stops()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)]);
        await using var stream = OpenStream.Start(service, "claims");
        await stream.Send(Row + "\n");
        Assert.NotNull(await stream.ReadLine());
        var stopping = service.Stopping();
        await Task.Delay(100, TestContext.Current.CancellationToken);
        await stream.Send(Row + "\n" + Row + "\n");
        Assert.NotNull(await stream.ReadLine());
        Assert.NotNull(await stream.ReadLine());
        await stream.Finish();
        Assert.Null(await stream.ReadLine());
        await stopping;
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)]);
        var content = new ByteArrayContent("{}"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        using var answer = await service.Client.PostAsync("/models/claims/batch", content, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }
}
