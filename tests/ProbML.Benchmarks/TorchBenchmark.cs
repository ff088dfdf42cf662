using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace ProbML.Benchmarks;

/// <summary>Steps of a 784-400-20-400-784 variational autoencoder, batch 128, Adam; peer_torch.py takes the same in PyTorch.</summary>
internal static class TorchBenchmark
{
    private const int Pixels = 784, Hidden = 400, Latent = 20, BatchSize = 128;

    public static int Run(string[] args)
    {
        int steps = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 500;
        int rows = BatchSize * 100;
        TorchRuntime.EnsureLoaded();
        Console.WriteLine(
            $"{Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Trim()}, {steps} steps of {BatchSize} rows");
        using var random = new Generator(1);
        using var features = rand([rows, Pixels], generator: random).ge(0.7).to(ScalarType.Float32);
        if (args is [_, "memory", ..])
        {
            var (_, memory) = Train(features, steps, threads: 2);
            Console.WriteLine("memory, MB, and tensors, every tenth of the way: " + string.Join("; ", memory));
            return 0;
        }
        foreach (int threads in new[] { 1, 2 })
        {
            Train(features, 100, threads);                   // warms up
            var before = Environment.CpuUsage.TotalTime;
            var (receipt, _) = Train(features, steps, threads);
            double wall = receipt.Epochs.Sum(epoch => epoch.Seconds) / receipt.Steps;
            double busy = (Environment.CpuUsage.TotalTime - before).TotalSeconds / receipt.Steps;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"ProbML, {threads} thread(s): {1e3 * wall:F2} ms a step ({1e3 * busy:F2} ms of processor time), "
                + $"{BatchSize / wall:F0} rows/s, 60,000 rows in {wall * 60_000 / BatchSize:F1} s, loss {receipt.Epochs[^1].Loss:F2}"));
        }
        return 0;
    }

    private static (TrainingReceipt Receipt, List<string> Memory) Train(Tensor features, int steps, int threads)
    {
        using var objective = new Autoencoder();
        var memory = new List<string>();
        using var process = Process.GetCurrentProcess();
        long taken = 0;
        var monitor = new TrainingMonitor
        {
            CheckAlive = () =>
            {
                if (taken++ % Math.Max(1, steps / 10) != 0)
                    return;
                process.Refresh();
                memory.Add(string.Create(
                    CultureInfo.InvariantCulture, $"{process.WorkingSet64 / 1e6:F0} / {Tensor.TotalCount}"));
            },
        };
        var receipt = new TorchTrainer(new() { Epochs = Math.Max(1, steps / 100), BatchSize = BatchSize, Threads = threads })
            .Train(objective, new TrainingBatch(features), monitor);
        return (receipt, memory);
    }

    private sealed class Autoencoder : nn.Module, ITrainingObjective
    {
        private readonly DenseLayer encoder;
        private readonly DenseLayer posterior;
        private readonly DenseLayer decoder;
        private readonly DenseLayer output;

        public Autoencoder()
            : base(nameof(Autoencoder))
        {
            using var random = new Generator(2);
            encoder = new(Pixels, Hidden, random);
            posterior = new(Hidden, 2 * Latent, random);
            decoder = new(Latent, Hidden, random);
            output = new(Hidden, Pixels, random);
            RegisterComponents();
        }

        public nn.Module Module => this;

        public Tensor Loss(TrainingBatch batch, TrainingStep step)
        {
            var halves = posterior.call(encoder.call(batch.Features).relu()).chunk(2, 1);
            Tensor mean = halves[0], logVariance = halves[1];
            var noise = randn(mean.shape, device: step.Device, generator: step.Random);
            var z = mean + (logVariance / 2).exp() * noise;
            var logits = output.call(decoder.call(z).relu());
            var reconstruction = nn.functional.binary_cross_entropy_with_logits(
                logits, batch.Features, reduction: nn.Reduction.Sum) / batch.Count;
            var kl = (mean.square() + logVariance.exp() - 1 - logVariance).sum() / (2 * batch.Count);
            step.Record("Reconstruction", reconstruction);
            step.Record("Kl", kl);
            return reconstruction + kl;
        }
    }
}
