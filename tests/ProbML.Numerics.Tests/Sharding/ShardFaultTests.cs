using System.IO.Pipes;
using ProbML.Sharding;

namespace ProbML.Numerics.Tests.Sharding;

/// <summary>What goes wrong with shards is said, or does no harm.</summary>
public sealed class ShardFaultTests
{
    private static readonly ShardingOptions Quick = new()
    {
        Timeout = TimeSpan.FromSeconds(20), Attempts = 3, RetryDelay = TimeSpan.FromMilliseconds(1),
    };

    private static CancellationToken Stopped => TestContext.Current.CancellationToken;

    private static ShardRows Rows => ShardRows.Draw((eta, u) => Families.Poisson.Quantile(u, Math.Exp(eta), 1));

    private static GlmFitter Fitter => new(new() { Family = Families.Poisson });

    private static double[] Expected => Coefficients(Rows.Whole);

    [Fact]
    public void Other_columns_are_named()
    {
        var other = new LocalShard("other", new MatrixDesign(new double[6], [1, 2], ["a", "b", "z"]));
        var shuffled = new LocalShard("shuffled", new MatrixDesign(new double[6], [1, 2], ["a", "c", "b"]));
        var weighted = new LocalShard("weighted", new MatrixDesign(new double[6], [1, 2], ["a", "b", "c"], weights: [1, 1]));
        var named = new LocalShard("named", new MatrixDesign(new double[6], [1, 2], ["a", "b", "c"], responseName: "claims"));
        Assert.Contains("'other' has other columns than 'part-0': it has 'z' and it lacks 'c'", Refused(other));
        Assert.Contains("its features are in another order", Refused(shuffled));
        Assert.Contains("it has weights", Refused(weighted));
        Assert.Contains("its response is 'claims', not 'y'", Refused(named));
    }

    [Fact]
    public void The_same_rows_twice_are_found_in_any_order()
    {
        var rows = Rows;
        double[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9], turned = [7, 8, 9, 1, 2, 3, 4, 5, 6];
        var one = new LocalShard("monday", new MatrixDesign(x, [1, 2, 3], ["a", "b", "c"]));
        var two = new LocalShard("tuesday", new MatrixDesign(turned, [3, 1, 2], ["a", "b", "c"]));
        var three = new LocalShard("wednesday", new MatrixDesign(turned, [3, 2, 1], ["a", "b", "c"]));
        string message = Assert.Throws<ShardException>(() => ShardedDesign.Create([.. rows.Shards(), one, two])).Message;
        Assert.Contains("'monday' and 'tuesday' hold the same 3 rows", message);
        Assert.Equal(rows.Count + 6, ShardedDesign.Create([.. rows.Shards(), one, two], new() { AllowDuplicates = true }).Rows);
        Assert.Equal(rows.Count + 6, ShardedDesign.Create([.. rows.Shards(), one, three]).Rows);
    }

    [Fact]
    public void Shards_are_checked_for_names_and_number()
    {
        Assert.Throws<ArgumentException>(() => ShardedDesign.Create([]));
        var shards = Rows.Shards();
        Assert.Contains("'part-1'", Assert.Throws<ArgumentException>(() => ShardedDesign.Create([.. shards, shards[1]])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => ShardedDesign.Create(shards, new() { Attempts = 0 }));
        var grouped = new MatrixDesign(new double[4], [1, 2])
        {
            GroupColumns = [new(new("school", ["a", "b"]), [0, 1])],
        };
        Assert.Contains("school", Assert.Throws<ArgumentException>(() => new LocalShard("s", grouped)).Message);
    }

    [Fact]
    public void A_shard_that_fails_and_comes_back_does_no_harm()
    {
        int failures = 0;
        var shards = Broken((question, answer) => Interlocked.Increment(ref failures) % 3 == 0 ? throw new IOException("gone") : answer());
        Assert.Equal(Expected, Coefficients(ShardedDesign.Create(shards, Quick)), Close);
        Assert.True(failures > 5);
    }

    [Fact]
    public void Damaged_answers_are_asked_for_again()
    {
        int answers = 0;
        var shards = Broken(async (question, answer) =>
        {
            byte[] bytes = await answer();
            int count = Interlocked.Increment(ref answers);
            if (count % 3 == 0)
                bytes[count * 7 % bytes.Length] ^= 1;
            return count % 5 == 0 ? bytes[..^9] : bytes;
        });
        Assert.Equal(Expected, Coefficients(ShardedDesign.Create(shards, Quick with { Attempts = 5 })), Close);
    }

    [Fact]
    public void A_shard_that_vanishes_ends_the_fit_and_is_named()
    {
        int questions = 0;
        var design = ShardedDesign.Create(
            Broken((question, answer) => ++questions > 3 ? throw new IOException("no route to host") : answer()), Quick);
        string message = Assert.Throws<ShardException>(() => Fitter.Fit(design, TrainingMonitor.None)).Message;
        Assert.Contains("Shard 'part-2' failed 3 times; the last time: no route to host.", message);
    }

    [Fact]
    public void A_shard_that_hangs_is_given_up()
    {
        var shards = Broken(async (question, answer) =>
        {
            await Task.Delay(Timeout.Infinite);
            return [];
        });
        string message = Assert.Throws<ShardException>(
            () => ShardedDesign.Create(shards, Quick with { Timeout = TimeSpan.FromMilliseconds(50), Attempts = 2 })).Message;
        Assert.Contains("'part-2' failed 2 times; the last time: no answer within 0.05 seconds", message);
    }

    [Fact]
    public void An_answer_to_another_question_is_refused()
    {
        byte[]? kept = null;
        var shards = Broken(async (question, answer) => kept ??= await answer());
        var design = ShardedDesign.Create(shards, Quick);
        Assert.Contains("another question", Assert.Throws<ShardException>(() => Fitter.Fit(design, TrainingMonitor.None)).Message);
    }

    [Fact]
    public void Rows_that_change_during_a_fit_are_noticed()
    {
        var rows = Rows;
        IShard now = new LocalShard("part-2", rows.Part(0, 100)), later = new LocalShard("part-2", rows.Part(0, 99));
        int asked = 0;
        var shards = Broken((question, _) => (asked++ == 0 ? now : later).AskAsync(question));
        var design = ShardedDesign.Create(shards, Quick);
        Assert.Contains(
            "'part-2': it had 100 rows when the fit began and has 99 now",
            Assert.Throws<ShardException>(() => Fitter.Fit(design, TrainingMonitor.None)).Message);
    }

    [Fact]
    public void An_impossible_response_is_named_by_shard_and_row()
    {
        var rows = Rows;
        var bad = new LocalShard("bad", new MatrixDesign(new double[6], [1, -2], ["a", "b", "c"]));
        var design = ShardedDesign.Create([.. rows.Shards(), bad]);
        Assert.Contains(
            "but row 2 of shard 'bad' of 'y' is -2", Assert.Throws<InvalidOperationException>(() => Fitter.Fit(design, TrainingMonitor.None)).Message);
        var tree = ShardedDesign.Create([new LocalShard("whole", design)]);
        Assert.Contains("row 405 of shard 'whole'", Assert.Throws<InvalidOperationException>(() => Fitter.Fit(tree, TrainingMonitor.None)).Message);
    }

    [Fact]
    public void What_reads_rows_says_that_it_cannot()
    {
        var design = Rows.Sharded();
        var sampler = new BayesianGlmFitter(new() { Family = Families.Poisson, Inference = Inference.Nuts() });
        Assert.Contains("lie in shards", Assert.Throws<NotSupportedException>(() => sampler.Fit(design, TrainingMonitor.None)).Message);
        Assert.Contains("lie in shards", Assert.Throws<NotSupportedException>(() => new GlmPathFitter(new()).Fit(design, TrainingMonitor.None)).Message);
    }

    [Fact]
    public void No_rows_at_all_are_no_fit()
    {
        var empty = new MatrixDesign([], [], ["a", "b", "c"]);
        var design = ShardedDesign.Create([new LocalShard("one", empty), new LocalShard("two", empty)]);
        Assert.Contains("No valid training instances", Assert.Throws<InvalidOperationException>(() => Fitter.Fit(design, TrainingMonitor.None)).Message);
    }

    [Fact]
    public void A_fit_can_be_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var shards = Broken(async (question, answer) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite);
            return [];
        });
        Assert.ThrowsAny<OperationCanceledException>(
            () => ShardedDesign.Create(shards, Quick, TrainingMonitor.None with { Cancellation = stop.Token }));
    }

    [Fact]
    public async Task Shards_at_the_other_end_of_a_pipe_give_the_same()
    {
        var rows = Rows;
        using var stop = new CancellationTokenSource();
        var servers = new List<Task>();
        StreamShard[] shards =
        [
            .. rows.Shards().Select(shard => new StreamShard(shard.Name, async cancellation =>
            {
                string name = Path.GetRandomFileName();
                var server = new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
                var client = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
                await Task.WhenAll(server.WaitForConnectionAsync(cancellation), client.ConnectAsync(cancellation));
                servers.Add(ServeAsync(shard, server, stop.Token));
                return client;
            })),
        ];
        Assert.Equal(Expected, Coefficients(ShardedDesign.Create(shards, Quick)), Close);
        var bad = new LocalShard("bad", new MatrixDesign([1], [1], ["a"]));
        Assert.Contains(
            "other columns", Assert.Throws<ShardException>(() => ShardedDesign.Create([.. shards, bad], Quick)).Message);
        foreach (var shard in shards)
            await shard.DisposeAsync();
        await Task.WhenAll(servers).WaitAsync(TimeSpan.FromSeconds(20), Stopped);
    }

    [Fact]
    public async Task A_server_that_cannot_answer_says_why()
    {
        string name = Path.GetRandomFileName();
        await using var server = new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        await using var shard = new StreamShard("remote", async cancellation =>
        {
            var client = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
            await client.ConnectAsync(cancellation);
            return client;
        });
        var serving = ServeAfterConnection(new LocalShard("local", Rows.Whole), server);
        Assert.Contains("damaged on its way", (await Assert.ThrowsAsync<IOException>(() => shard.AskAsync(new byte[40], Stopped))).Message);
        await shard.DisposeAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(20), Stopped);
    }

    private static async Task ServeAfterConnection(IShard shard, NamedPipeServerStream server)
    {
        await server.WaitForConnectionAsync();
        await ShardServer.ServeAsync(shard, server);
    }

    private static async Task ServeAsync(IShard shard, NamedPipeServerStream server, CancellationToken cancellation)
    {
        await using (server)
            await ShardServer.ServeAsync(shard, server, cancellation);
    }

    /// <summary>Shards of which the third answers otherwise.</summary>
    private static IShard[] Broken(Func<byte[], Func<Task<byte[]>>, Task<byte[]>> answer)
    {
        var shards = Rows.Shards();
        shards[2] = new OtherShard(shards[2], answer);
        return shards;
    }

    private static string Refused(IShard shard) =>
        Assert.Throws<ShardException>(() => ShardedDesign.Create([.. Rows.Shards(), shard])).Message;

    private static double[] Coefficients(Design design) =>
        [.. Fitter.Fit(design, TrainingMonitor.None).Coefficients.Select(coefficient => coefficient.Estimate)];

    private static bool Close(double one, double other) => Math.Abs(one - other) <= 1e-10 * Math.Abs(one);

    private sealed class OtherShard(IShard shard, Func<byte[], Func<Task<byte[]>>, Task<byte[]>> answer) : IShard
    {
        public string Name => shard.Name;

        public Task<byte[]> AskAsync(byte[] question, CancellationToken cancellation = default) =>
            answer(question, () => shard.AskAsync(question, cancellation));
    }
}
