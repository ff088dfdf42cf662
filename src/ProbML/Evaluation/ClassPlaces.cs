using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>Which slot of a vector of probabilities belongs to which key of a label.</summary>
internal static class ClassPlaces
{
    /// <summary>[keys]: the slot of each, by name where the slots and the keys have names, else by place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Their numbers differ, and nothing says which is which.</exception>
    public static double[] Of(IHost host, DataViewSchema.Column label, DataViewSchema.Column probabilities)
    {
        int count = ((VectorDataViewType)probabilities.Type).Size;
        var keys = ClassLabels.Of(label);
        var slots = SlotNames.Of(probabilities);
        var classes = new ClassLabels(
            slots ?? [.. Enumerable.Range(1, count).Select(k => $"{k}")],
            slots is null ? TypeCode.Empty : TypeCode.String);
        return (keys is null ? null : classes.Match(keys)) ?? throw host.ExceptSchemaMismatch(
            "schema", "label", label.Name, $"a Key of {count} values, as '{probabilities.Name}' has", label.Type.ToString());
    }
}
