using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;

namespace ProbML.Benchmarks;

/// <summary>The scoring service under load on this machine: service [seconds [clients [streamed rows]]].</summary>
internal static class ServiceBenchmark
{
    private const string Row = """{"District":"1","Group":"<1l","Age":"<25","Holders":100}""";

    private static readonly string Rows100 = $"[{string.Join(',', Enumerable.Repeat(Row, 100))}]";

    public static int Run(string[] args)
    {
        double seconds = args.Length > 0 ? double.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 10;
        int clients = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 16;
        int rows = args.Length > 2 ? int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture) : 1_000_000;
        return RunAsync(seconds, clients, rows).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(double seconds, int clients, int rows)
    {
        using var service = await ServiceProcess.Start();
        Console.WriteLine($"{clients} clients, {seconds} s each, load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        await Load(service, "warm-up", seconds, clients, _ => Row);
        await Load(service, "warm-up, 100 rows", seconds, clients, _ => Rows100, rowsEach: 100);
        double before = service.Megabytes;
        int failures = await Load(service, "one row", seconds, clients, _ => Row);
        failures += await Load(service, "100 rows", seconds, clients, _ => Rows100, rowsEach: 100);
        failures += await Load(service, "one row in two bad", seconds, clients, i => i % 2 == 0 ? Row : """{"District":1}""", isBad: i => i % 2 == 1);
        using (var stop = new CancellationTokenSource())
        {
            var reloading = Reload(service, stop.Token);
            failures += await Load(service, "one row, reloaded", seconds, clients, _ => Row);
            await stop.CancelAsync();
            Console.WriteLine($"  the file was replaced {await reloading} times");
        }
        await Stream(service, rows);
        for (int i = 0; i < 3; i++)
            failures += await Load(service, "one row, again", seconds, clients, _ => Row);
        Console.WriteLine($"memory: {before:F0} MB after the warm-up, {service.Megabytes:F0} MB at the end; failures: {failures}");
        return failures == 0 ? 0 : 1;
    }

    /// <summary>Requests without a pause from so many clients; what is not answered as it should be is a failure.</summary>
    private static async Task<int> Load(
        ServiceProcess service, string name, double seconds, int clients, Func<int, string> body, int rowsEach = 1, Func<int, bool>? isBad = null)
    {
        var times = new ConcurrentBag<List<double>>();
        var versions = new ConcurrentDictionary<string, bool>();
        int failures = 0;
        var processor = service.ProcessorTime;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            var mine = new List<double>();
            times.Add(mine);
            for (int i = 0; watch.Elapsed.TotalSeconds < seconds; i++)
            {
                long start = Stopwatch.GetTimestamp();
                using var answer = await service.Client.PostAsync("/models/claims/predict", new StringContent(body(i), Encoding.UTF8, "application/json"));
                await answer.Content.ReadAsByteArrayAsync();
                mine.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                if (answer.StatusCode != (isBad?.Invoke(i) == true ? HttpStatusCode.BadRequest : HttpStatusCode.OK))
                    Interlocked.Increment(ref failures);
                else if (answer.Headers.TryGetValues("X-Model-Version", out var version))
                    versions.TryAdd(version.First(), true);
            }
        })));
        double elapsed = watch.Elapsed.TotalSeconds;
        double[] all = [.. times.SelectMany(one => one).Order()];
        double each = (service.ProcessorTime - processor).TotalMilliseconds / all.Length;
        Console.WriteLine(
            $"{name,-20} {all.Length / elapsed,8:F0} requests/s {rowsEach * all.Length / elapsed,9:F0} rows/s  p50 {all[all.Length / 2],6:F2} ms  "
            + $"p99 {all[all.Length * 99 / 100],6:F2} ms  {each,6:F3} ms of processor each  {failures} failures  {versions.Count} versions  {service.Megabytes:F0} MB");
        return failures;
    }

    /// <summary>Replaces the model's file now and then, by one of the same model and other bytes.</summary>
    private static async Task<int> Reload(ServiceProcess service, CancellationToken stop)
    {
        string path = Path.Combine(service.Models, "claims.zip"), beside = Path.Combine(service.Models, "next");
        int count = 0;
        try
        {
            for (; ; count++)
            {
                await Task.Delay(500, stop);
                File.Copy(path, beside, overwrite: true);
                using (var zip = System.IO.Compression.ZipFile.Open(beside, System.IO.Compression.ZipArchiveMode.Update))
                    zip.CreateEntry($"Note{count}");
                File.Move(beside, path, overwrite: true);
            }
        }
        catch (OperationCanceledException)
        {
            return count;
        }
    }

    private static async Task Stream(ServiceProcess service, int rows)
    {
        double before = service.Megabytes, most = 0;
        var processor = service.ProcessorTime;
        var watch = Stopwatch.StartNew();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/models/claims/batch")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new Rows(rows),
        };
        using var answer = await service.Streams.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        int answers = 0;
        for (; await reader.ReadLineAsync() is not null; answers++)
            if (answers % 50_000 == 0)
                most = Math.Max(most, service.Megabytes);
        Console.WriteLine(
            $"stream: {answers} rows, {answers / watch.Elapsed.TotalSeconds:F0} rows/s, {(service.ProcessorTime - processor).TotalMicroseconds / answers:F1} µs of "
            + $"processor each; memory {before:F0} MB before, at most {most:F0} MB");
    }

    private sealed class Rows : HttpContent
    {
        private const int EachTime = 1000;
        private readonly int count;

        public Rows(int count)
        {
            this.count = count;
            Headers.ContentType = new("application/x-ndjson");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            byte[] block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Row + "\n", EachTime)));
            for (int i = 0; i < count; i += EachTime)
                await stream.WriteAsync(block.AsMemory(0, block.Length / EachTime * Math.Min(EachTime, count - i)));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
