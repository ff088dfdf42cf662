namespace ProbML;

/// <summary>A design held in memory: compressed sparse rows (CSR) of features, and vectors beside them.</summary>
/// <remarks>Nothing is copied: the arrays must not change while a model is fitted.</remarks>
public sealed class SparseDesign : Design
{
    private readonly int[] rowStarts;
    private readonly int[] indices;
    private readonly double[] entries;
    private readonly double[] response;
    private readonly double[]? weights;
    private readonly double[]? offsets;

    /// <summary>Takes sparse rows of features [n, d] and what goes with them.</summary>
    /// <param name="featureNames">[d].</param>
    /// <param name="rowStarts">[n + 1]: row i has the entries rowStarts[i] to rowStarts[i + 1] − 1.</param>
    /// <param name="indices">The entries' features, from 0, strictly ascending within a row.</param>
    /// <param name="entries">The entries' values; features without an entry are zero.</param>
    /// <param name="response">[n].</param>
    /// <param name="weights">[n], or null: all one.</param>
    /// <param name="offsets">[n], or null: all zero.</param>
    /// <param name="responseName">What messages call the response.</param>
    /// <exception cref="ArgumentException">Lengths do not fit together, or an entry is out of place or not finite.</exception>
    public SparseDesign(
        IReadOnlyList<string> featureNames,
        int[] rowStarts,
        int[] indices,
        double[] entries,
        double[] response,
        double[]? weights = null,
        double[]? offsets = null,
        string responseName = "y")
        : base(featureNames, responseName)
    {
        ArgumentNullException.ThrowIfNull(rowStarts);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(response);
        if (rowStarts.Length != response.Length + 1 || rowStarts[0] != 0)
            throw new ArgumentException(
                $"{response.Length} rows have {response.Length + 1} starts, the first of them 0, but there are {rowStarts.Length}.",
                nameof(rowStarts));
        if (indices.Length != entries.Length || rowStarts[^1] != entries.Length)
            throw new ArgumentException(
                $"The rows end at entry {rowStarts[^1]}, but there are {indices.Length} indices and {entries.Length} values.",
                nameof(entries));
        if (weights is not null && weights.Length != response.Length)
            throw new ArgumentException($"{weights.Length} weights for {response.Length} rows.", nameof(weights));
        if (offsets is not null && offsets.Length != response.Length)
            throw new ArgumentException($"{offsets.Length} offsets for {response.Length} rows.", nameof(offsets));
        (this.rowStarts, this.indices, this.entries) = (rowStarts, indices, entries);
        (this.response, this.weights, this.offsets) = (response, weights, offsets);
        for (int i = 0; i < response.Length; i++)
        {
            if (Fault(i) is { } fault)
                throw new ArgumentException($"Row {i + 1} {fault}", nameof(entries));
        }
    }

    /// <inheritdoc/>
    public override bool HasWeights => weights is not null;

    /// <inheritdoc/>
    public override bool HasOffsets => offsets is not null;

    /// <inheritdoc/>
    public override bool IsSparse => true;

    /// <inheritdoc/>
    public override IDesignReader OpenReader() => new Reader(this);

    /// <summary>What is wrong with a row, or null.</summary>
    private string? Fault(int row)
    {
        int start = rowStarts[row], end = rowStarts[row + 1], before = -1;
        if (end < start || end > entries.Length)
            return $"has entries {start} to {end}: starts must not fall, nor lie past the {entries.Length} entries.";
        for (int k = start; k < end; before = indices[k++])
        {
            if ((uint)indices[k] >= (uint)FeatureCount)
                return $"has an entry for feature {indices[k]}, but features are 0 to {FeatureCount - 1}.";
            if (indices[k] <= before)
                return $"has feature {indices[k]} after feature {before}: give each once, in ascending order.";
            if (!double.IsFinite(entries[k]))
                return $"has {entries[k]} for '{FeatureNames[indices[k]]}': leave out rows that are not finite.";
        }
        return null;
    }

    private sealed class Reader(SparseDesign design) : IDesignReader
    {
        private int next;

        public bool Read(RowBuffer buffer)
        {
            buffer.Count = 0;
            while (!buffer.IsFull && next < design.response.Length)
            {
                int row = next++, to = buffer.Count, start = design.rowStarts[row], count = design.rowStarts[row + 1] - start;
                buffer.Response[to] = design.response[row];
                buffer.Weights[to] = design.weights?[row] ?? 1;
                buffer.Offsets[to] = design.offsets?[row] ?? 0;
                buffer.RowNumbers[to] = row + 1;
                var features = design.indices.AsSpan(start, count);
                var values = design.entries.AsSpan(start, count);
                if (buffer.IsSparse)
                {
                    buffer.StartSparseRow(count, out var places, out var numbers);
                    features.CopyTo(places);
                    values.CopyTo(numbers);
                    buffer.EndSparseRow(count);
                    continue;
                }
                var dense = buffer.Features.AsSpan(to * buffer.FeatureCount, buffer.FeatureCount);
                dense.Clear();
                for (int k = 0; k < count; k++)
                    dense[features[k]] = values[k];
                buffer.Count++;
            }
            return buffer.Count > 0;
        }

        public void Dispose() => next = design.response.Length;
    }
}
