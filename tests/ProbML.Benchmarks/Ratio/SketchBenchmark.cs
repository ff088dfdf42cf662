using System.Diagnostics;
using System.Globalization;
using ProbML.TwoSample;

namespace ProbML.Benchmarks;

/// <summary>Sketching generated rows on one thread: rows a second, bytes, what merging takes and what a comparison does.</summary>
internal static class SketchBenchmark
{
    private const int Parts = 8;
    private static readonly string[] cities = ["Oslo", "Bonn", "Rome", "Bern"];

    public static void Run(int rows, int features)
    {
        SketchColumn[] columns = [.. Enumerable.Range(1, features).Select(j => new SketchColumn($"x{j}", false)), new("city", true)];
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, 4096 * features).Select(_ => random.NextDouble() * random.NextDouble())];
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        TableSketch[] parts = [.. Enumerable.Range(0, Parts).Select(Part)];
        process.Refresh();
        double seconds = (process.TotalProcessorTime - before).TotalSeconds;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var merged = parts.Aggregate((one, other) => one.Merge(other));
        double merging = watch.Elapsed.TotalMilliseconds / (Parts - 1);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        watch.Restart();
        byte[] bytes = merged.ToBytes();
        double writing = watch.Elapsed.TotalMilliseconds;
        watch.Restart();
        TableSketch.Read(bytes);
        double reading = watch.Elapsed.TotalMilliseconds;
        watch.Restart();
        SketchComparison.Of(parts[0], merged);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rows:N0} rows x {features} numbers and one level in {Parts} parts: {seconds:F2} s of processor, {rows / seconds / 1e6:F2} million rows/s; "
            + $"{bytes.Length / 1024.0:F0} KB of {merged.SampledRows:N0} rows drawn; merging two {merging:F1} ms ({allocated / (Parts - 1) / 1024} KB), "
            + $"writing {writing:F0} ms, reading {reading:F0} ms, comparing {watch.Elapsed.TotalMilliseconds:F0} ms; peak {process.PeakWorkingSet64 / 1e6:F0} MB"));

        TableSketch Part(int part)
        {
            var builder = new TableSketchBuilder(columns, $"part-{part}");
            var level = new ReadOnlyMemory<char>[1];
            for (int i = 0; i < rows / Parts; i++)
            {
                level[0] = cities[(i + part) % cities.Length].AsMemory();
                builder.Add(values.AsSpan(i % 4096 * features, features), level);
            }
            return builder.Build();
        }
    }
}
