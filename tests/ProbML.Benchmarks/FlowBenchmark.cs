using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Flows;

namespace ProbML.Benchmarks;

/// <summary>Flows on the density data: test log-likelihood, seconds an epoch, anomalies; peer_flow.py trains the same.</summary>
/// <remarks>
/// Arguments: the folder; then "fit" with a data set (htru2, power2007h1, toy2d/rings ...), realnvp8, nsf5, nsf10, nsfar5, maf5 or cnf, epochs, batch
/// threads (1), bins of the splines (8) and seed (1); or "anomaly" with htru2: the area under the ROC curve of −ln p, of a Gaussian and of ML.NET's RandomizedPca,
/// each fitted to rows of the common class.
/// </remarks>
internal static class FlowBenchmark
{
    public static int Run(string[] args)
    {
        switch (args)
        {
            case [var folder, "fit", var data, var recipe, var epochs, var batch, .. var rest]:
                return Fit(
                    folder, data, recipe, Whole(epochs), Whole(batch), rest.Length > 0 ? Whole(rest[0]) : 1, rest.Length > 1 ? Whole(rest[1]) : 8,
                    rest.Length > 2 ? Whole(rest[2]) : 1);
            case [var folder, "anomaly", var data]:
                return Anomaly(folder, data);
            default:
                Console.Error.WriteLine(
                    "usage: ProbML.Benchmarks flow <folder> fit <data> realnvp8 | nsf5 | nsf10 | nsfar5 | maf5 | cnf <epochs> <batch> [threads] [bins] [seed], or <folder> anomaly htru2");
                return 2;
        }
    }

    private static int Fit(string folder, string data, string recipe, int epochs, int batch, int threads, int bins, int seed)
    {
        var (training, d) = Read(folder, data, "train");
        var (test, _) = Read(folder, data, "test");
        var watch = Stopwatch.StartNew();
        var clock = new EpochClock();
        using var model = new FlowFitter(Recipe(recipe, epochs, batch, threads, bins, seed)).Fit(Design(training, d), new() { Progress = clock });
        var seconds = model.Receipt.Epochs.Select(epoch => epoch.Seconds).Order().ToArray();
        var (mean, error) = LogDensity(model, test);
        Print($"{data} {recipe}: {model.Receipt.Parameters} parameters, {epochs} x {batch}, test {mean:F4} ± {error:F4} nats");
        Print($"median {seconds[seconds.Length / 2]:F2} s an epoch, {clock.Median:F2} CPU s, {watch.Elapsed.TotalSeconds:F0} s in all");
        return 0;
    }

    private static int Anomaly(string folder, string data)
    {
        var (training, d) = Read(folder, data, "train");
        var (test, _) = Read(folder, data, "test");
        string[] known = Labels(folder, data, "train"), labels = Labels(folder, data, "test");
        double[] common = [.. Enumerable.Range(0, known.Length).Where(i => known[i] == "0").SelectMany(i => training[(i * d)..((i + 1) * d)])];
        bool[] rare = [.. labels.Select(label => label != "0")];
        var options = Recipe("nsf5", 30, 128, 1);
        using var model = new FlowAnomalyFitter(new()
        {
            FalseAlarmRate = 0.05, Flow = options with { Training = options.Training with { ValidationFraction = 0.1 } },
        }).Fit(Design(common, d), TrainingMonitor.None);
        var scores = new float[rare.Length * 2];
        model.Score(new(rare.Length, d, test), new(scores, 2));
        Print($"{data}: {rare.Count(one => one)} rare rows of {rare.Length}");
        double[] flow = [.. Enumerable.Range(0, rare.Length).Select(i => (double)scores[2 * i])];
        Print($"flow            AUC {Auc(flow, rare):F4}");
        int alarms = Enumerable.Range(0, rare.Length).Count(i => !rare[i] && flow[i] > model.Threshold);
        Print($"false alarms    {alarms / (double)rare.Count(one => !one):P2} where 5 % were asked for");
        Print($"Gaussian        AUC {Auc(Mahalanobis(common, test, d), rare):F4}");
        for (int rank = 2; rank < d; rank += 2)
            Print($"RandomizedPca {rank} AUC {Auc(Pca(common, test, d, rank), rare):F4}");
        return 0;
    }

    /// <summary>The peers' recipes: Adam 1e-3 falling to 0, gradients of length 5 at most.</summary>
    private static FlowOptions Recipe(string name, int epochs, int batch, int threads, int bins = 8, int seed = 1) => new()
    {
        Layers = name == "nsf10" ? 10 : null,
        Spline = new RationalQuadraticSpline { Bins = bins },
        Kind = name switch
        {
            "realnvp8" => FlowKind.RealNvp,
            "maf5" => FlowKind.MaskedAutoregressive,
            "cnf" => FlowKind.Continuous,
            "nsf5" or "nsf10" => FlowKind.NeuralSpline,
            "nsfar5" => FlowKind.NeuralSplineAutoregressive,
            _ => throw new ArgumentException($"There is no recipe '{name}'.", nameof(name)),
        },
        FindsCounts = false,
        Training = new()
        {
            Epochs = epochs, BatchSize = batch, ClipNorm = 5, Threads = threads, Seed = seed, Schedule = LearningRateSchedule.Cosine(),
            AverageDecay = name == "nsf10" ? 0.999 : null,
        },
    };

    private static (double Mean, double Error) LogDensity(FlowModel model, double[] rows)
    {
        int d = model.FeatureCount, n = rows.Length / d;
        var scores = new float[n * (d + 1)];
        for (int start = 0; start < n; start += 1024)
        {
            int count = Math.Min(1024, n - start);
            model.Score(new(count, d, rows.AsSpan(start * d, count * d)), new(scores.AsSpan(start * (d + 1), count * (d + 1)), d + 1));
        }
        double[] densities = [.. Enumerable.Range(0, n).Select(i => (double)scores[i * (d + 1) + d])];
        double mean = densities.Average();
        return (mean, Math.Sqrt(densities.Average(one => (one - mean) * (one - mean)) / n));
    }

    private static double[] Mahalanobis(double[] training, double[] test, int d)
    {
        var rows = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfRowMajor(training.Length / d, d, training);
        var mean = rows.ColumnSums() / rows.RowCount;
        var centred = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(rows.RowCount, d, (i, j) => rows[i, j] - mean[j]);
        var inverse = (centred.TransposeThisAndMultiply(centred) / rows.RowCount).Inverse();
        return [.. Enumerable.Range(0, test.Length / d).Select(i =>
        {
            var off = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(test[(i * d)..((i + 1) * d)]) - mean;
            return off * inverse * off;
        })];
    }

    private static double[] Pca(double[] training, double[] test, int d, int rank)
    {
        var context = new MLContext(1);
        var schema = SchemaDefinition.Create(typeof(PcaRow));
        schema[nameof(PcaRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, d);
        IDataView View(double[] rows) => context.Data.LoadFromEnumerable(
            Enumerable.Range(0, rows.Length / d).Select(i => new PcaRow
            {
                Features = Array.ConvertAll(rows[(i * d)..((i + 1) * d)], value => (float)value),
            }),
            schema);
        var model = context.AnomalyDetection.Trainers.RandomizedPca(rank: rank, ensureZeroMean: true).Fit(View(training));
        return [.. model.Transform(View(test)).GetColumn<float>("Score").Select(score => (double)score)];
    }

    /// <summary>The probability that a rare row scores higher than a common one, ties counted half.</summary>
    private static double Auc(double[] scores, bool[] rare)
    {
        var groups = scores.Zip(rare).GroupBy(one => one.First).OrderBy(group => group.Key);
        double below = 0, sum = 0;
        foreach (var group in groups)
        {
            int hits = group.Count(one => one.Second), others = group.Count() - hits;
            sum += hits * (below + 0.5 * others);
            below += others;
        }
        return sum / (below * rare.Count(one => one));
    }

    private static MatrixDesign Design(double[] rows, int d) =>
        MatrixDesign.WithoutResponse(rows, [.. Enumerable.Range(1, d).Select(j => $"x{j}")]);

    private static (double[] Rows, int Columns) Read(string folder, string data, string part)
    {
        string name = Directory.Exists(Path.Combine(folder, data))
            ? Path.Combine(folder, data, $"{part}.csv.gz")
            : Path.Combine(folder, $"{data}.{part}.csv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(name), CompressionMode.Decompress));
        int columns = reader.ReadLine()!.Split(',').Length;
        var numbers = new List<double>();
        while (reader.ReadLine() is { } line)
            numbers.AddRange(line.Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture)));
        return ([.. numbers], columns);
    }

    private static string[] Labels(string folder, string data, string part) =>
        [.. File.ReadLines(Path.Combine(folder, data, $"{part}.label.txt")).Where(line => line.Length > 0)];

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>The processor time of each epoch; the first has the start-up in it.</summary>
    private sealed class EpochClock : IProgress<TrainingProgress>
    {
        private readonly List<double> used = [];
        private TimeSpan last = Process.GetCurrentProcess().TotalProcessorTime;

        public double Median => used.Order().ElementAt(used.Count / 2);

        public void Report(TrainingProgress value)
        {
            if (value.Stage != "Epoch")
                return;
            var now = Process.GetCurrentProcess().TotalProcessorTime;
            used.Add((now - last).TotalSeconds);
            last = now;
        }
    }

    private sealed class PcaRow
    {
        public float[] Features { get; set; } = [];
    }
}
