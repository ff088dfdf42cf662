using System.Collections;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.LinearAlgebra;

namespace ProbML.Benchmarks;

/// <summary>Dense fits through ML.NET against the machine's own limit: X'WX alone, from the cache, on as many threads.</summary>
/// <remarks>glm-limit [rows at p = 50] [rows at p = 200]</remarks>
internal static class GlmLimitBenchmark
{
    private const int BlockRows = 256;
    private const int Repeats = 3;

    public static int Run(string[] args)
    {
        int[] defaults = [1_000_000, 300_000], features = [50, 200];
        for (int k = 0; k < features.Length; k++)
        {
            int rows = args.Length > k ? int.Parse(args[k], CultureInfo.InvariantCulture) : defaults[k];
            var data = SyntheticRows.Create(rows, features[k], seed: 1);
            var view = new CountedRows(data);
            var mlContext = new MLContext(seed: 1);
            var schema = SchemaDefinition.Create(typeof(Row));
            schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features[k]);
            var rowsView = mlContext.Data.LoadFromEnumerable(view, schema);
            Measure("logistic", view, features[k], () => mlContext.BinaryClassification.Trainers.LogisticRegression("Binary").Fit(rowsView).Model);
            Measure("poisson", view, features[k], () => mlContext.Regression.Trainers.PoissonRegression("Counts").Fit(rowsView).Model);
        }
        return 0;
    }

    private static void Measure(string name, CountedRows rows, int features, Func<GlmModel> fit)
    {
        double best = double.PositiveInfinity, busy = double.PositiveInfinity, rate = 0, busyRate = 0;
        int iterations = 0;
        for (int run = 0; run < Repeats; run++)
        {
            var (wall, processor) = PeakRate(features + 1);           // in the same minute: the machine may be shared
            (rate, busyRate) = (Math.Max(rate, wall), Math.Max(busyRate, processor));
            rows.Read = 0;
            var cpu = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            iterations = fit().Statistics.Iterations;
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
            busy = Math.Min(busy, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        }
        double passes = (double)rows.Read / rows.Count, q = features + 1, work = passes * rows.Count * q * (q + 1), limit = work / rate;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-9} {rows.Count} x {features}: {best:F3} s ({busy:F3} s of processor time), {iterations} iterations, {passes:F2} passes; "
            + $"X'WX alone {rate / 1e9:F1} GFLOP/s, {limit:F3} s for as many passes: ratio {best / limit:F2}; "
            + $"{busyRate / 1e9:F1} GFLOP in a second of processor time: ratio of processor time {busy * busyRate / work:F2}"));
    }

    /// <summary>Multiplications and additions a second of the kernel, both triangles counted once, all cores at it.</summary>
    /// <returns>A second of the clock, and a second of one processor's time, which is the same on an idle machine per core.</returns>
    private static (double Clock, double Processor) PeakRate(int columns)
    {
        int stride = (columns + 15) / 16 * 16, repeats = Math.Max(1, (int)(8e9 / ((double)columns * columns * BlockRows)));
        double best = double.PositiveInfinity, busy = double.PositiveInfinity;
        for (int run = 0; run < 5; run++)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work)).ToArray();
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
            busy = Math.Min(busy, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        }
        double work = (double)Environment.ProcessorCount * repeats * BlockRows * columns * (columns + 1);
        return (work / best, work / busy);

        void Work()
        {
            double[] x = new double[BlockRows * stride], w = new double[BlockRows], gram = new double[columns * columns];
            Array.Fill(x, 0.5);
            Array.Fill(w, 0.25);
            for (int k = 0; k < repeats; k++)
                WeightedGram.Accumulate(x, BlockRows, columns, stride, w, gram);
        }
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public bool Binary { get; set; }

        public float Counts { get; set; }
    }

    /// <summary>Rows that count how many of them are read.</summary>
    private sealed class CountedRows : IEnumerable<Row>
    {
        private readonly Row[] rows;

        public CountedRows(SyntheticRows data) => rows =
        [
            .. Enumerable.Range(0, data.Rows).Select(i => new Row
            {
                Features = data.X.AsSpan(i * data.Features, data.Features).ToArray(),
                Binary = data.Binary[i] == 1,
                Counts = data.Counts[i],
            }),
        ];

        public int Count => rows.Length;

        public long Read { get; set; }

        public IEnumerator<Row> GetEnumerator()
        {
            foreach (var row in rows)
            {
                Read++;
                yield return row;
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
