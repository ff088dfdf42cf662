using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using ProbML.Sharding;

namespace ProbML.Benchmarks;

/// <summary>A logistic fit to rows in shards: rows a second, memory, and what a second process brings.</summary>
internal static class ShardBenchmark
{
    private const int Shards = 4;

    public static int Run(string[] args)
    {
        if (args is ["serve", var first, var last, var d, var pipe])
            return Serve(Number(first), Number(last), (int)Number(d), pipe).GetAwaiter().GetResult();
        long most = args.Length > 0 ? Number(args[0]) : 10_000_000;
        int features = args.Length > 1 ? (int)Number(args[1]) : 10;
        for (long rows = Math.Min(most, 1_000_000); rows <= most; rows *= 10)
            Print("in this process", rows, Fit(rows, features, LocalShards(rows, features, Shards)));
        foreach (int processes in (int[])[1, 2])
        {
            long rows = Math.Min(most, 10_000_000);
            var started = Start(rows, features, processes);
            Print($"in {processes} {(processes == 1 ? "process" : "processes")} of one thread", rows, Fit(rows, features, [.. started.Select(one => one.Shard)]));
            foreach (var (shard, process) in started)
            {
                shard.DisposeAsync().AsTask().GetAwaiter().GetResult();
                process.WaitForExit();
                process.Dispose();
            }
        }
        return 0;
    }

    private static IShard[] LocalShards(long rows, int features, int count) =>
    [
        .. Enumerable.Range(0, count).Select(s => new LocalShard(
            $"shard {s}", new GeneratedRows(rows * s / count, rows * (s + 1) / count, features), threads: 1)),
    ];

    private static (double Seconds, CountedShard[] Shards, GlmModel Model) Fit(long rows, int features, IShard[] shards)
    {
        CountedShard[] counted = [.. shards.Select(shard => new CountedShard(shard))];
        var watch = Stopwatch.StartNew();
        var design = ShardedDesign.Create(counted, new() { Concurrency = Environment.ProcessorCount, Timeout = TimeSpan.FromHours(1) });
        var model = new GlmFitter(new(), PredictionTask.BinaryClassification).Fit(design, TrainingMonitor.None);
        return (watch.Elapsed.TotalSeconds, counted, model);
    }

    private static void Print(string where, long rows, (double Seconds, CountedShard[] Shards, GlmModel Model) fit)
    {
        long passes = fit.Shards[0].Questions, bytes = fit.Shards.Sum(shard => shard.Bytes);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rows:N0} rows, {fit.Shards.Length} shards {where}: {fit.Seconds:F2} s, {passes} passes, {rows * passes / fit.Seconds / 1e6:F1} million rows/s, "
            + $"{bytes / 1024.0 / passes:F1} KB a pass, peak memory of this process {process.PeakWorkingSet64 / 1e6:F0} MB, x1 = {fit.Model.Coefficients[1].Estimate:F5}"));
    }

    private static List<(StreamShard Shard, Process Process)> Start(long rows, int features, int count) =>
    [
        .. Enumerable.Range(0, count).Select(s =>
        {
            string pipe = $"shard-{Guid.NewGuid():N}";
            string[] arguments =
            [
                typeof(ShardBenchmark).Assembly.Location, "shards", "serve", Text(rows * s / count), Text(rows * (s + 1) / count), Text(features), pipe,
            ];
            var process = Process.Start(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments);
            return (new StreamShard($"process {s}", async cancellation =>
            {
                var stream = new NamedPipeClientStream(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
                await stream.ConnectAsync(cancellation);
                return stream;
            }), process);
        }),
    ];

    private static async Task<int> Serve(long from, long to, int features, string pipe)
    {
        await using var stream = new NamedPipeServerStream(
            pipe, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        await stream.WaitForConnectionAsync();
        await ShardServer.ServeAsync(new LocalShard("rows", new GeneratedRows(from, to, features), threads: 1), stream);
        return 0;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Counts what goes to a shard and comes back.</summary>
    private sealed class CountedShard(IShard shard) : IShard
    {
        public string Name => shard.Name;

        public long Questions { get; private set; }

        public long Bytes { get; private set; }

        public async Task<byte[]> AskAsync(byte[] question, CancellationToken cancellation = default)
        {
            byte[] answer = await shard.AskAsync(question, cancellation).ConfigureAwait(false);
            Questions++;
            Bytes += question.Length + answer.Length;
            return answer;
        }
    }
}
