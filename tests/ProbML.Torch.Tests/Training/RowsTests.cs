using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests;

/// <summary>Where rows come from: a tensor within the budget, a stream beyond it.</summary>
public sealed class RowsTests
{
    [Theory]
    [InlineData(1L << 30, 0.0)]
    [InlineData(0, 0.0)]
    [InlineData(1L << 30, 0.2)]
    [InlineData(0, 0.2)]
    public void Each_epoch_sees_each_row_once_and_validation_rows_never_train(long budget, double fraction)
    {
        const int Count = 1_003;
        var design = Numbered(Count);
        using var seen = new Recorder();
        var receipt = new TorchTrainer(new()
        {
            Epochs = 3,
            BatchSize = 64,
            MemoryBudget = budget,
            ShuffleRows = 200,
            ValidationFraction = fraction,
        }).Train(seen, design, TrainingMonitor.None);
        int measuring = (int)Math.Round(Count * fraction);
        Assert.Equal(Count - measuring, receipt.Rows);
        Assert.Equal(measuring, receipt.ValidationRows);
        var validation = seen.Rows[(3, false)].ToHashSet();
        Assert.Equal(measuring, validation.Count);
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            var rows = seen.Rows[(epoch, true)];
            Assert.Equal(Enumerable.Range(0, Count).Where(row => !validation.Contains(row)), rows.Order());
            Assert.Equal(validation, seen.Rows[(epoch, false)].ToHashSet());
            Assert.NotEqual(rows.Order(), rows);
        }
        Assert.NotEqual(seen.Rows[(1, true)], seen.Rows[(2, true)]);
    }

    [Fact]
    public void A_stream_is_mixed_as_far_as_its_buffer_reaches()
    {
        using var seen = new Recorder();
        new TorchTrainer(new() { Epochs = 1, MemoryBudget = 0, ShuffleRows = 500 })
            .Train(seen, Numbered(2_000), TrainingMonitor.None);
        var rows = seen.Rows[(1, true)];
        // A row leaves about 500 places after it came, so it moves by hundreds on average.
        double moved = rows.Select((row, place) => Math.Abs(row - place)).Average();
        Assert.InRange(moved, 200, 700);
    }

    [Fact]
    public void The_last_batch_has_what_remains_and_a_batch_may_be_larger_than_the_data()
    {
        using var seen = new Recorder();
        new TorchTrainer(new() { Epochs = 1, BatchSize = 30 }).Train(seen, Numbered(100), TrainingMonitor.None);
        Assert.Equal([30, 30, 30, 10], seen.Sizes);
        using var whole = new Recorder();
        new TorchTrainer(new() { Epochs = 1, BatchSize = 4_096 }).Train(whole, Numbered(100), TrainingMonitor.None);
        Assert.Equal([100], whole.Sizes);
        using var single = new Recorder();
        new TorchTrainer(new() { Epochs = 1 }).Train(single, Numbered(1), TrainingMonitor.None);
        Assert.Equal([1], single.Sizes);
    }

    [Theory]
    [InlineData(1L << 30)]
    [InlineData(0)]
    public void A_design_without_a_response_gives_none_and_missing_values_stay(long budget)
    {
        using var seen = new Recorder();
        var design = MatrixDesign.WithoutResponse([1, double.NaN, 3, 4], ["a", "b"], [1, 2]);
        var receipt = new TorchTrainer(new() { Epochs = 1, MemoryBudget = budget })
            .Train(seen, design, TrainingMonitor.None);
        Assert.Null(receipt.Response);
        Assert.Equal(["a", "b"], receipt.Features);
        Assert.False(seen.HadResponse);
        Assert.Equal(3, seen.WeightSum);
        Assert.Equal(1, seen.Missing);
    }

    [Fact]
    public void One_row_cannot_be_split() =>
        Assert.Contains("at least 2 rows", Assert.Throws<InvalidOperationException>(() =>
        {
            using var seen = new Recorder();
            new TorchTrainer(new() { ValidationFraction = 0.5 }).Train(seen, Numbered(1), TrainingMonitor.None);
        }).Message);

    [Fact]
    public void Offsets_are_refused_not_ignored() =>
        Assert.Contains("offsets", Assert.Throws<InvalidOperationException>(() =>
        {
            using var seen = new Recorder();
            new TorchTrainer(new()).Train(seen, new MatrixDesign([1, 2], [1, 2], offsets: [1, 1]), TrainingMonitor.None);
        }).Message);

    [Fact]
    public void The_hash_tells_data_apart()
    {
        string Hash(MatrixDesign design)
        {
            using var seen = new Recorder();
            return new TorchTrainer(new() { Epochs = 1 }).Train(seen, design, TrainingMonitor.None).DataHash;
        }
        Assert.Equal(Hash(Numbered(10)), Hash(Numbered(10)));
        Assert.NotEqual(Hash(Numbered(10)), Hash(Numbered(11)));
        Assert.NotEqual(Hash(new([1, 2], [1, 2])), Hash(new([1, 2], [1, 3])));
    }

    private static MatrixDesign Numbered(int count)
    {
        double[] places = [.. Enumerable.Range(0, count).Select(place => (double)place)];
        return new(places, places);
    }

    /// <summary>Notes which rows came, by epoch and whether they trained.</summary>
    private sealed class Recorder : ITrainingObjective, IDisposable
    {
        private readonly TorchSharp.Modules.Linear linear;

        public Recorder()
        {
            TorchRuntime.EnsureLoaded();
            linear = nn.Linear(1, 1);
        }

        public ConcurrentDictionary<(int Epoch, bool Training), List<int>> Rows { get; } = new();

        public List<int> Sizes { get; } = [];

        public bool HadResponse { get; private set; }

        public double WeightSum { get; private set; }

        public long Missing { get; private set; }

        public nn.Module Module => linear;

        public Tensor Loss(TrainingBatch batch, TrainingStep step)
        {
            for (int epoch = 1; epoch <= step.Epoch; epoch++)
            {
                Rows.GetOrAdd((epoch, false), _ => []);
                Rows.GetOrAdd((epoch, true), _ => []);
            }
            var rows = batch.Features.narrow(1, 0, 1).squeeze(1);
            Rows[(step.Epoch, step.IsTraining)].AddRange(rows.data<float>().Select(value => (int)value));
            Sizes.Add((int)batch.Count);
            HadResponse |= batch.Response is not null;
            WeightSum += batch.Weights?.sum().item<float>() ?? 0;
            Missing += batch.Features.isnan().sum().item<long>();
            return linear.call(rows.unsqueeze(1)).square().mean() * 1e-9f;
        }

        public void Dispose() => linear.Dispose();
    }
}
