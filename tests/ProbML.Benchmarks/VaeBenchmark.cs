using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using ProbML.Vae;

namespace ProbML.Benchmarks;

/// <summary>
/// The 784-400-400-20 network on binarised MNIST, batches of 128, Adam 1e-3; peer_vae.py trains the same with PyTorch.
/// </summary>
/// <remarks>
/// Arguments: the folder with MNIST and t10k-bernoulli-bits, epochs (5), threads (1). "memory" in place of the epochs
/// takes 10,000 steps of a small network and prints what memory the process has; "long" trains the network of Burda et al.
/// (2016), 2 x 200 tanh units, 50 latent dimensions, with the importance-weighted bound, for as many epochs as the fourth
/// argument says, with as many draws as the fifth says (50), a learning rate that falls to 0, and checkpoints in the sixth,
/// from which a stopped run goes on; "deep" their network of two stochastic layers, 784-200-200-100 and 100-100-100-50; "posteriors" trains the first network with each family of posteriors, for as many
/// epochs as the fourth argument says (5).
/// </remarks>
internal static class VaeBenchmark
{
    public static int Run(string[] args)
    {
        if (args.Length == 0)
        {
            Console.Error.WriteLine("usage: ProbML.Benchmarks vae <MNIST folder> [epochs | memory | posteriors | long | deep] [threads] [epochs of posteriors, long, deep] [draws] [checkpoint folder]");
            return 2;
        }
        string folder = args[0], what = args.Length > 1 ? args[1] : "5";
        int threads = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;
        var training = new ImageDesign(Images(folder, "train-images-idx3-ubyte.gz"));
        double[] bits = Bits(folder);
        if (what == "memory")
            return Memory(training, threads);
        var options = new VaeOptions
        {
            LatentSize = 20,
            Architecture = new MlpArchitecture { Hidden = [400, 400] },
            Likelihood = Likelihoods.BernoulliBits,
            Columns = VaeColumns.Elbo | VaeColumns.ReconstructionError,
            ScoringSamples = 1,
            Training = new() { BatchSize = 128, LearningRate = 1e-3, Threads = threads, Seed = 1 },
        };
        if (what == "posteriors")
            return Posteriors(options, training, bits, args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 5);
        bool isLong = what is "long" or "deep";
        int epochs = isLong ? int.Parse(args[3], CultureInfo.InvariantCulture) : int.Parse(what, CultureInfo.InvariantCulture);
        if (isLong)
            options = options with
            {
                LatentSize = what == "deep" ? 100 : 50,
                UpperLatentSizes = what == "deep" ? [50] : [],
                UpperHidden = [100, 100],
                Architecture = new MlpArchitecture { Hidden = [200, 200], Activation = Activation.Tanh },
                Bound = VaeBound.ImportanceWeighted,
                Samples = args.Length > 4 ? int.Parse(args[4], CultureInfo.InvariantCulture) : 50,
                Training = options.Training with
                {
                    Schedule = LearningRateSchedule.Cosine(),
                    CheckpointFolder = args.Length > 5 ? args[5] : null,
                },
            };
        options = options with { Training = options.Training with { Epochs = epochs } };
        var watch = Stopwatch.StartNew();
        using var model = new VaeFitter(options).Fit(training, new() { Progress = new Printer() });
        var seconds = model.Receipt.Epochs.Select(epoch => epoch.Seconds).Order().ToArray();
        Print($"{epochs} epochs in {watch.Elapsed.TotalSeconds:F1} s, median {seconds[seconds.Length / 2]:F2} s an epoch on {threads} thread(s)");
        float[] scores = Score(model, bits, 10_000);
        int k = options.LatentSize + options.UpperLatentSizes.Sum();
        double elbo = Average(scores, k + 2, k), reconstruction = -Average(scores, k + 2, k + 1);
        Print($"test ELBO {elbo:F2} (reconstruction {reconstruction:F2}, KL {reconstruction - elbo:F2}), 10,000 images, one draw");
        int draws = isLong ? 5_000 : 100;
        var many = model.With(parts => parts with { Columns = VaeColumns.LogLikelihood, Samples = draws });
        Print($"IWAE-{draws} of the first 2,000: {Average(Score(many, bits[..(2_000 * 784)], 2_000), k + 1, k):F2}");
        Rates(model, bits);
        return 0;
    }

    private static int Posteriors(VaeOptions options, ImageDesign training, double[] bits, int epochs)
    {
        (string Name, PosteriorCovariance Covariance, PosteriorFlow? Flow)[] families =
        [
            ("diagonal", PosteriorCovariance.Diagonal, null),
            ("full", PosteriorCovariance.Full, null),
            ("planar", PosteriorCovariance.Diagonal, new PlanarPosterior()),
            ("sylvester", PosteriorCovariance.Diagonal, new SylvesterPosterior()),
            ("iaf", PosteriorCovariance.Diagonal, new InverseAutoregressivePosterior { Hidden = [200] }),
        ];
        int k = options.LatentSize + options.UpperLatentSizes.Sum();
        foreach (var (name, covariance, flow) in families)
        {
            using var process = Process.GetCurrentProcess();
            var before = process.TotalProcessorTime;
            using var model = new VaeFitter(options with
            {
                Posterior = covariance,
                PosteriorFlow = flow,
                Training = options.Training with { Epochs = epochs, Schedule = LearningRateSchedule.Cosine() },
            }).Fit(training, TrainingMonitor.None);
            process.Refresh();
            double seconds = (process.TotalProcessorTime - before).TotalSeconds / epochs;
            float[] scores = Score(model, bits, 10_000);
            double elbo = Average(scores, k + 2, k), reconstruction = -Average(scores, k + 2, k + 1);
            var many = model.With(parts => parts with { Columns = VaeColumns.LogLikelihood, Samples = 100 });
            double bound = Average(Score(many, bits[..(2_000 * 784)], 2_000), k + 1, k);
            Print($"{name}: ELBO {elbo:F2} (reconstruction {reconstruction:F2}, KL {reconstruction - elbo:F2}), IWAE-100 of 2,000 {bound:F2}, {seconds:F1} s of processor time an epoch");
        }
        return 0;
    }

    private static void Rates(VaeModel model, double[] bits)
    {
        var encoder = model.With(parts => parts with { Columns = VaeColumns.None });
        Measure("encoded in blocks of 256", 256);
        Measure("encoded row by row", 1);

        void Measure(string what, int block)
        {
            int k = model.LatentSizes.Sum();
            var outputs = new float[block * k];
            double best = double.PositiveInfinity;
            const int Rows = 5_120;
            for (int run = 0; run < 4; run++)
            {
                var watch = Stopwatch.StartNew();
                for (int start = 0; start < Rows; start += block)
                    encoder.Score(new(block, 784, bits.AsSpan(start * 784, block * 784)), new(outputs, k));
                best = Math.Min(best, watch.Elapsed.TotalSeconds);
            }
            Print($"{Rows / best:F0} rows/s {what}");
        }
    }

    private static int Memory(ImageDesign training, int threads)
    {
        var options = new VaeOptions
        {
            LatentSize = 8,
            Architecture = new MlpArchitecture { Hidden = [32] },
            Likelihood = Likelihoods.BernoulliBits,
            Training = new() { BatchSize = 128, Epochs = 22, Threads = threads, Seed = 1 },
        };
        using var model = new VaeFitter(options).Fit(training, new() { Progress = new Printer() });
        return 0;
    }

    private static float[] Score(VaeModel model, double[] rows, int count)
    {
        int width = model.Outputs.Sum(column => column.Width);
        var scores = new float[count * width];
        var watch = Stopwatch.StartNew();
        model.Score(new(count, 784, rows), new(scores, width));
        Print($"{count / watch.Elapsed.TotalSeconds:F0} rows/s scored with {model.Outputs[^1].Name}, one thread");
        return scores;
    }

    /// <summary>The mean of a column, by its place in a row.</summary>
    private static double Average(float[] scores, int width, int place) =>
        Enumerable.Range(0, scores.Length / width).Average(i => (double)scores[i * width + place]);

    private static byte[] Images(string folder, string name)
    {
        byte[] all = Unzip(folder, name);
        return all[16..];
    }

    private static double[] Bits(string folder)
    {
        byte[] packed = Unzip(folder, "t10k-bernoulli-bits.gz");
        var bits = new double[packed.Length * 8];
        for (int i = 0; i < bits.Length; i++)
            bits[i] = (packed[i / 8] >> (7 - i % 8)) & 1;
        return bits;
    }

    private static byte[] Unzip(string folder, string name)
    {
        using var file = File.OpenRead(Path.Combine(folder, name));
        using var zip = new GZipStream(file, CompressionMode.Decompress);
        using var memory = new MemoryStream();
        zip.CopyTo(memory);
        return memory.ToArray();
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed class Printer : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Print(
            $"{value.Stage} {value.Iteration}: {value.Objective:F3}, {value.Elapsed.TotalSeconds:F1} s, {Environment.WorkingSet / 1e6:F0} MB");
    }

    /// <summary>Pixels as they are stored, given as grey levels between 0 and 1.</summary>
    private sealed class ImageDesign(byte[] pixels)
        : Design([.. Enumerable.Range(0, 784).Select(j => $"pixel{j}")], "")
    {
        public override bool HasResponse => false;

        public override IDesignReader OpenReader() => new Reader(pixels);

        private sealed class Reader(byte[] pixels) : IDesignReader
        {
            private int next;

            public bool Read(RowBuffer buffer)
            {
                int n = Math.Min(buffer.Capacity, pixels.Length / 784 - next);
                buffer.Count = n;
                for (int i = 0; i < n * 784; i++)
                    buffer.Features[i] = pixels[next * 784 + i] / 255.0;
                buffer.Weights.AsSpan(0, n).Fill(1);
                buffer.Response.AsSpan(0, n).Fill(double.NaN);
                buffer.Offsets.AsSpan(0, n).Clear();
                for (int i = 0; i < n; i++)
                    buffer.RowNumbers[i] = next + i + 1;
                next += n;
                return n > 0;
            }

            public void Dispose() => next = pixels.Length / 784;
        }
    }
}
