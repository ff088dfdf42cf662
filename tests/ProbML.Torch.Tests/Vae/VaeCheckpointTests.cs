using System.Globalization;
using ProbML.Vae;

namespace ProbML.Torch.Tests.Vae;

/// <summary>What is kept of an autoencoder's training, when it is damaged, half written or another's.</summary>
public sealed class VaeCheckpointTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "probml-vae-checkpoint-" + Guid.NewGuid().ToString("N"));

    [Fact]
    public void A_posterior_flow_goes_on_where_it_was()
    {
        foreach (PosteriorFlow flow in (PosteriorFlow[])[new SylvesterPosterior(), new InverseAutoregressivePosterior { Hidden = [5] }])
        {
            var options = Options(kept: false) with { PosteriorFlow = flow };
            byte[] whole = Saved(options, out _);
            var kept = options.Training with { CheckpointFolder = folder };
            using var stop = new CancellationTokenSource();
            var monitor = new TrainingMonitor { Progress = new Stopper(2, stop), Cancellation = stop.Token };
            Assert.ThrowsAny<OperationCanceledException>(() => Saved(options with { Training = kept }, out _, monitor));
            Assert.Equal(whole, Saved(options with { Training = kept }, out var resumed));
            Assert.Equal(1, resumed.Resumed);
        }
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_and_the_one_before_it_goes_on_to_the_same_bits()
    {
        byte[] whole = Saved(Options(kept: false), out _);
        byte[] first = Saved(Options(kept: true), out var receipt);
        Assert.Equal(whole, first);
        string path = Assert.Single(Directory.GetFiles(folder, "*.checkpoint"));
        byte[] good = File.ReadAllBytes(path), bad = [.. good];
        bad[bad.Length / 2] ^= 16;
        File.WriteAllBytes(path, bad);
        var e = Assert.Throws<FormatException>(() => Saved(Options(kept: true), out _));
        Assert.Equal(
            $"The checkpoint '{path}' is damaged or cut short: its checksum does not match. Nothing was changed. "
            + $"Put the one before it, '{path}.previous', in its place to go on from there, or remove it to begin anew.",
            e.Message);
        Assert.Equal(bad, File.ReadAllBytes(path));
        File.Move(path + ".previous", path, overwrite: true);
        Assert.Equal(whole, Saved(Options(kept: true), out var resumed));
        Assert.Equal((0, 1), (receipt.Resumed, resumed.Resumed));
    }

    [Fact]
    public void Where_the_power_went_between_two_files_the_one_before_is_found()
    {
        byte[] whole = Saved(Options(kept: true), out _);
        string path = Assert.Single(Directory.GetFiles(folder, "*.checkpoint"));
        File.Delete(path);
        Assert.Equal(whole, Saved(Options(kept: true), out var resumed));
        Assert.Equal(1, resumed.Resumed);
    }

    [Fact]
    public void Another_culture_finds_the_same_file_and_writes_the_same_receipt()
    {
        Saved(Options(kept: true), out var before);
        var culture = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = comma;
            Saved(Options(kept: true), out var after);
            Assert.Equal(1, after.Resumed);
            Assert.Equal(before.Options, after.Options);
            Assert.Equal(before.Objective, after.Objective);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        Assert.Contains("Beta1 = 0.9", before.Options["Optimizer"], StringComparison.Ordinal);
        Assert.Contains("Beta = 0.5", before.Objective, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(folder, "*.checkpoint"));
    }

    /// <summary>First weights, rows and the number of each kind of column are the same; what is trained is not.</summary>
    [Fact]
    public void Likelihoods_that_change_places_are_another_training()
    {
        Saved(With("a", "b"), out _);
        Saved(With("b", "a"), out var other);
        Assert.Equal(0, other.Resumed);
        Saved(With("a", "b", [5]), out other);
        Assert.Equal(0, other.Resumed);
        Saved(With("a", "b", new List<int> { 6 }), out other);
        Assert.Equal(1, other.Resumed);                      // a list is what is in it

        VaeOptions With(string gaussian, string poisson, IReadOnlyList<int>? hidden = null) => Options(kept: true) with
        {
            Architecture = new MlpArchitecture { Hidden = hidden ?? [6] },
            ColumnLikelihoods = new Dictionary<string, Likelihood>
            {
                [gaussian] = Likelihoods.Gaussian,
                [poisson] = Likelihoods.Poisson,
            },
        };
    }

    public void Dispose()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private VaeOptions Options(bool kept) => new()
    {
        LatentSize = 2,
        Beta = 0.5,
        Architecture = new MlpArchitecture { Hidden = [6] },
        Training = new()
        {
            Epochs = 3, BatchSize = 20, Seed = 4, Threads = 1, CheckpointFolder = kept ? folder : null,
        },
    };

    private static byte[] Saved(VaeOptions options, out TrainingReceipt receipt, TrainingMonitor? monitor = null)
    {
        var random = new Random(1);
        double[] rows = [.. Enumerable.Range(0, 120).Select(_ => Math.Floor(4 * random.NextDouble()))];
        using var model = new VaeFitter(options).Fit(MatrixDesign.WithoutResponse(rows, ["a", "b"]), monitor ?? TrainingMonitor.None);
        receipt = model.Receipt;
        float[] latents = new float[60 * 2];
        model.Score(new RowBlock(60, 2, rows), new OutputBlock(latents, 2));
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(latents).ToArray();
    }

    private sealed class Stopper(int after, CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Iteration >= after)
                source.Cancel();
        }
    }
}
