using static TorchSharp.torch;

namespace ProbML;

/// <summary>Reads the rows of a design.</summary>
internal static class DesignRows
{
    /// <summary>One tensor where they fit the budget, else a stream.</summary>
    public static TrainingRows Load(
        Design design, TrainingOptions options, ScalarType type, Device device, int seed, TrainingMonitor monitor)
    {
        if (design.HasOffsets)
            throw new InvalidOperationException("A network takes no offsets: give such a column as a feature.");
        using var hash = new RowHash();
        using var memory = new GrowingRows(design, options.MemoryBudget, type);
        using var reader = design.OpenReader();
        var buffer = new RowBuffer(design.BlockRows, design.FeatureCount);
        long count = 0;
        while (reader.Read(buffer))
        {
            monitor.ThrowIfCancelled();
            var block = buffer.Block;
            hash.Add(block.Features);
            if (design.HasResponse)
                hash.Add(block.Response);
            if (design.HasWeights)
                hash.Add(block.Weights);
            memory.Add(block);
            count += block.Count;
            if (block.Count < buffer.Capacity)
                break;
        }
        if (count == 0)
            throw new InvalidOperationException("There are no rows to train on.");
        return memory.Take(device) is { } rows
            ? new TensorRows(rows, hash.Finish(), options, seed, owned: true)
            : new StreamedRows(design, count, hash.Finish(), options, type, device, seed);
    }
}
