using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML;

/// <summary>The names of a vector's slots.</summary>
internal static class SlotNames
{
    /// <summary>The names in a column's annotation, [d]; null: it has none.</summary>
    public static string[]? Of(DataViewSchema.Column vector)
    {
        int size = ((VectorDataViewType)vector.Type).Size;
        if (!vector.HasSlotNames(size))
            return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        vector.GetSlotNames(ref names);
        return names.Length == size ? [.. names.DenseValues().Select(name => name.ToString())] : null;
    }
}
