using static TorchSharp.torch;

namespace ProbML;

/// <summary>Rows read anew each epoch, and mixed in a buffer.</summary>
internal sealed class StreamedRows(
    Design design, long rows, string hash, TrainingOptions options, ScalarType type, Device device, int seed)
    : TrainingRows
{
    public override long Count => rows - ValidationCount;

    public override long ValidationCount { get; } = ValidationRowsOf(rows, options.ValidationFraction);

    public override string Hash => hash;

    public override IBatchPass Train(int epoch, long skip)
    {
        var random = new Random(TrainingSeeds.Derive(seed, TrainingSeeds.Shuffle, epoch));
        return new Pass(this, Stream(measuring: false), (int)Math.Min(options.ShuffleRows, Count), random, skip);
    }

    public override IBatchPass Validate() => new Pass(this, Stream(measuring: true), 1, random: null, skip: 0);

    public override IBatchPass InOrder() => new Pass(this, Stream(measuring: false), 1, random: null, skip: 0);

    public override void Dispose()
    {
    }

    private RowStream Stream(bool measuring) =>
        new(design, new RowSplit(rows, options.ValidationFraction, seed), measuring);

    private TrainingBatch Batch(ReadOnlySpan<double> features, ReadOnlySpan<double> response, ReadOnlySpan<double> weights) =>
        new(
            OnDevice(features, response.Length, design.FeatureCount),
            design.HasResponse ? OnDevice(response, response.Length) : null,
            design.HasWeights ? OnDevice(weights, weights.Length) : null);

    private Tensor OnDevice(ReadOnlySpan<double> numbers, params long[] shape)
    {
        var tensor = empty(shape, type, CPU);
        NumberCopy.To(tensor, numbers);
        return tensor.to(device);
    }

    private sealed class Pass : IBatchPass
    {
        private readonly StreamedRows source;
        private readonly RowStream stream;
        private readonly ShuffleBuffer buffer;
        private readonly double[] row;
        private readonly double[] features;
        private readonly double[] response;
        private readonly double[] weights;

        public Pass(StreamedRows source, RowStream stream, int held, Random? random, long skip)
        {
            (this.source, this.stream) = (source, stream);
            int batch = source.BatchRows;
            row = new double[stream.Width];
            features = new double[checked(batch * (stream.Width - 2))];
            (response, weights) = (new double[batch], new double[batch]);
            buffer = new(stream, held, random);
            while (skip-- > 0)
                buffer.TryNext(row);
        }

        public bool TryNext(out TrainingBatch batch)
        {
            int count = 0, d = row.Length - 2;
            while (count < response.Length && buffer.TryNext(row))
            {
                row.AsSpan(0, d).CopyTo(features.AsSpan(count * d));
                (response[count], weights[count]) = (row[^2], row[^1]);
                count++;
            }
            batch = count == 0
                ? default
                : source.Batch(features.AsSpan(0, count * d), response.AsSpan(0, count), weights.AsSpan(0, count));
            return count > 0;
        }

        public void Dispose() => stream.Dispose();
    }

    private int BatchRows => (int)Math.Min(options.BatchSize, Count);
}
