using static TorchSharp.torch;

namespace ProbML;

/// <summary>Tensors of rows that grow as rows come, until they would outgrow a budget.</summary>
internal sealed class GrowingRows : IDisposable
{
    private readonly long budget;
    private readonly ScalarType type;
    private readonly long bytesOfRow;
    private Tensor? features;
    private Tensor? response;
    private Tensor? weights;
    private long count;
    private bool outgrown;

    public GrowingRows(Design design, long budget, ScalarType type)
    {
        (this.budget, this.type) = (budget, type);
        int columns = design.FeatureCount + (design.HasResponse ? 1 : 0) + (design.HasWeights ? 1 : 0);
        bytesOfRow = columns * (type == ScalarType.Float64 ? 8L : 4L);
        features = Empty(0, design.FeatureCount);
        response = design.HasResponse ? Empty(0) : null;
        weights = design.HasWeights ? Empty(0) : null;
    }

    public void Add(in RowBlock block)
    {
        if (outgrown)
            return;
        if ((count + block.Count) * bytesOfRow > budget)
        {
            outgrown = true;
            Dispose();
            return;
        }
        if (count + block.Count > features!.shape[0])
            Grow(Math.Max(count + block.Count, Math.Min(2 * count, budget / bytesOfRow)));
        Put(features, block.Features, block.Count);
        if (response is not null)
            Put(response, block.Response, block.Count);
        if (weights is not null)
            Put(weights, block.Weights, block.Count);
        count += block.Count;
    }

    /// <summary>The rows on a device; null: they have outgrown the budget.</summary>
    public TrainingBatch? Take(Device device)
    {
        if (outgrown)
            return null;
        using var gradients = no_grad();
        Tensor OnDevice(Tensor all)
        {
            using var scope = NewDisposeScope();
            return all.narrow(0, 0, count).to(device).alias().DetachFromDisposeScope();
        }
        return new(
            OnDevice(features!),
            response is null ? null : OnDevice(response),
            weights is null ? null : OnDevice(weights));
    }

    public void Dispose()
    {
        features?.Dispose();
        response?.Dispose();
        weights?.Dispose();
        (features, response, weights) = (null, null, null);
    }

    /// <summary>Pages not yet written take no memory, so the room ahead costs none.</summary>
    private void Grow(long capacity)
    {
        features = Grown(features!, capacity);
        response = response is null ? null : Grown(response, capacity);
        weights = weights is null ? null : Grown(weights, capacity);
    }

    private Tensor Grown(Tensor old, long capacity)
    {
        using var scope = NewDisposeScope();
        var grown = Empty([capacity, .. old.shape[1..]]);
        grown.narrow(0, 0, count).copy_(old.narrow(0, 0, count));
        old.Dispose();
        return grown;
    }

    private Tensor Empty(params long[] shape) => empty(shape, type, CPU).DetachFromDisposeScope();

    private void Put(Tensor tensor, ReadOnlySpan<double> numbers, int rows)
    {
        using var part = tensor.narrow(0, count, rows);
        NumberCopy.To(part, numbers);
    }
}
