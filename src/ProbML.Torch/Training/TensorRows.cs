using static TorchSharp.torch;

namespace ProbML;

/// <summary>Rows as tensors, in memory or on the device.</summary>
internal sealed class TensorRows : TrainingRows
{
    private readonly TrainingBatch rows;
    private readonly TrainingOptions options;
    private readonly int seed;
    private readonly bool owned;
    private readonly long[] training;
    private readonly long[] validation;

    /// <summary>Takes rows and splits them.</summary>
    /// <param name="rows">All rows, on the device.</param>
    /// <param name="hash">Their hash.</param>
    /// <param name="options">Batch size and split.</param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="owned">Whether the tensors go with this.</param>
    public TensorRows(TrainingBatch rows, string hash, TrainingOptions options, int seed, bool owned)
    {
        (this.rows, this.options, this.seed, this.owned, Hash) = (rows, options, seed, owned, hash);
        var split = new RowSplit(rows.Count, options.ValidationFraction, seed);
        (training, validation) = split.Divide();
    }

    public override long Count => training.Length;

    public override long ValidationCount => validation.Length;

    public override string Hash { get; }

    public override IBatchPass Train(int epoch, long skip)
    {
        long[] order = [.. training];
        TrainingSeeds.Shuffled(order, TrainingSeeds.Derive(seed, TrainingSeeds.Shuffle, epoch));
        return new Pass(this, order, skip);
    }

    public override IBatchPass Validate() => new Pass(this, validation, 0);

    public override IBatchPass InOrder() => new Pass(this, training, 0);

    public override void Dispose()
    {
        if (!owned)
            return;
        rows.Features.Dispose();
        rows.Response?.Dispose();
        rows.Weights?.Dispose();
    }

    private sealed class Pass : IBatchPass
    {
        private readonly TensorRows source;
        private readonly Tensor order;
        private readonly long count;
        private long next;

        public Pass(TensorRows source, long[] order, long skip)
        {
            this.source = source;
            (count, next) = (order.Length, skip);
            using var scope = NewDisposeScope();
            this.order = tensor(order, device: source.rows.Features.device).DetachFromDisposeScope();
        }

        public bool TryNext(out TrainingBatch batch)
        {
            long rows = Math.Min(source.options.BatchSize, count - next);
            batch = default;
            if (rows <= 0)
                return false;
            var chosen = order.narrow(0, next, rows);
            batch = source.rows.Map(values => values.index_select(0, chosen));
            next += rows;
            return true;
        }

        public void Dispose() => order.Dispose();
    }
}
