using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>Columns of tensors that stand beside each other, in an order of their own, not yet moved.</summary>
/// <remarks>
/// Couplings that alternate take each other's halves as they are, and permutations in a row become one: nothing is copied
/// until a formula needs the columns together.
/// </remarks>
internal sealed class PendingColumns
{
    private readonly Tensor[] parts;
    private readonly long[] order;

    private PendingColumns(Tensor[] parts, long[] order) => (this.parts, this.order) = (parts, order);

    /// <summary>All columns as they stand.</summary>
    public static PendingColumns Of(Tensor[] parts)
    {
        var order = new long[parts.Sum(part => part.shape[1])];
        for (int j = 0; j < order.Length; j++)
            order[j] = j;
        return new(parts, order);
    }

    /// <summary>Some of the columns.</summary>
    public PendingColumns Take(long[] columns) => new(parts, [.. columns.Select(column => order[column])]);

    /// <summary>The columns where they are a part, or evenly spaced in one, without a copy; null: they are not.</summary>
    public Tensor? AsTensor()
    {
        if (order.Length == 0)
            return null;
        long step = order.Length > 1 ? order[1] - order[0] : 1;
        for (int j = 1; j < order.Length; j++)
        {
            if (step <= 0 || order[j] - order[j - 1] != step)
                return null;
        }
        long start = 0;
        foreach (var part in parts)
        {
            long width = part.shape[1], first = order[0] - start, last = order[^1] - start;
            if (first >= 0 && last < width)
                return step == 1 && order.Length == width ? part : part.slice(1, first, last + 1, step);
            start += width;
        }
        return null;
    }

    /// <summary>The columns together, [n, k].</summary>
    public Tensor ToTensor()
    {
        if (AsTensor() is { } view)
            return view;
        var whole = parts.Length == 1 ? parts[0] : cat(parts, 1);
        bool all = order.Length == whole.shape[1];
        if (all && IsRun(1))
            return whole;
        return all && IsRun(-1) ? whole.flip(1) : whole.index_select(1, KeptIndices.Of(order, whole.device));
    }

    private bool IsRun(int step)
    {
        for (int j = 1; j < order.Length; j++)
        {
            if (order[j] - order[j - 1] != step)
                return false;
        }
        return true;
    }
}
