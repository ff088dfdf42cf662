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
            var schema = SchemaDefinition.Create(typeof(Row));
            schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features[k]);
            var mlContext = new MLContext(seed: 1);
            var rowsView = mlContext.Data.LoadFromEnumerable(view, schema);
            double[] x = Array.ConvertAll(data.X, value => (double)value);
            Measure("logistic", view, new MatrixDesign(x, Array.ConvertAll(data.Binary, value => (double)value)),
                Families.Bernoulli, PredictionTask.BinaryClassification,
                fitter => ProbabilisticTrainer
                    .Create(mlContext, fitter, PredictionTask.BinaryClassification, new("Binary", "Features"))
                    .Fit(rowsView).Model);
            Measure("poisson", view, new MatrixDesign(x, Array.ConvertAll(data.Counts, value => (double)value)),
                Families.Poisson, PredictionTask.Regression,
                fitter => ProbabilisticTrainer
                    .Create(mlContext, fitter, PredictionTask.Regression, new("Counts", "Features"))
                    .Fit(rowsView).Model);
        }
        return 0;
    }

    private static void Measure(
        string name, CountedRows rows, MatrixDesign memory, IFamily family, PredictionTask task, Func<ReadingFitter, GlmModel> fit)
    {
        var glm = new GlmFitter(new GlmOptions { Family = family }, task);
        var through = new ReadingFitter(glm);
        var direct = new ReadingFitter(glm);
        double rate = 0, busyRate = 0;
        GlmModel model = null!;
        for (int run = 0; run < Repeats; run++)
        {
            var (wall, processor) = PeakRate(memory.FeatureCount + 1); // in the same minute: the machine may be shared
            (rate, busyRate) = (Math.Max(rate, wall), Math.Max(busyRate, processor));
            through.Start = () => rows.Read = 0;
            model = fit(through);
            direct.Fit(memory, TrainingMonitor.None);
        }
        double passes = (double)rows.Read / rows.Count, q = memory.FeatureCount + 1, work = passes * rows.Count * q * (q + 1);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}, {rows.Count} x {memory.FeatureCount}: {model.Statistics.Iterations} iterations, {passes:F2} passes; X'WX alone "
            + $"{rate / 1e9:F1} GFLOP/s on all cores, {busyRate / 1e9:F1} in a second of processor time, "
            + $"{1e9 * q * (q + 1) / busyRate:F1} ns a row"));
        foreach (var (what, times) in new[] { ("through ML.NET", through), ("from memory", direct) })
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {what,-15} {times.Clock:F3} s, ratio {times.Clock * rate / work:F2}; processor time {times.Processor:F3} s, "
                + $"ratio {times.Processor * busyRate / work:F2}, {1e9 * times.Processor / passes / rows.Count:F1} ns a row and pass, "
                + $"of which reading {1e9 * times.Reading / rows.Count:F1}"));
        new GlmStages(memory, family, [.. model.Coefficients.Select(c => c.Estimate)]).Print();
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

    /// <summary>Times a fit, and before it the reading alone, of whatever design it is given.</summary>
    private sealed class ReadingFitter(GlmFitter inner) : IFitter<GlmModel>
    {
        public IReadOnlyList<OutputColumn> Outputs => inner.Outputs;

        public Action Start { get; set; } = () => { };

        public double Reading { get; private set; } = double.PositiveInfinity;

        public double Clock { get; private set; } = double.PositiveInfinity;

        public double Processor { get; private set; } = double.PositiveInfinity;

        public GlmModel Fit(Design design, TrainingMonitor monitor)
        {
            Reading = Math.Min(Reading, Time(() => design.Sum(() => new Nothing(), monitor, 1)).Processor);
            Start();
            GlmModel model = null!;
            var (clock, processor) = Time(() => model = inner.Fit(design, monitor));
            (Clock, Processor) = (Math.Min(Clock, clock), Math.Min(Processor, processor));
            return model;
        }

        private static (double Clock, double Processor) Time(Action action)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            action();
            return (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        }
    }

    /// <summary>The sum of no work.</summary>
    private sealed class Nothing : IBlockSum<Nothing>
    {
        public void Clear()
        {
        }

        public void Add(in RowBlock rows)
        {
        }

        public void Merge(Nothing other)
        {
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
