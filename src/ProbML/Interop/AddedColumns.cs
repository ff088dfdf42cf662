using Microsoft.ML;

namespace ProbML;

/// <summary>What a step adds to a schema.</summary>
internal static class AddedColumns
{
    /// <summary>The names of which a schema has more columns than another: added, or put in place of those hidden.</summary>
    public static List<string> Of(DataViewSchema before, DataViewSchema after)
    {
        var counts = before.CountBy(column => column.Name).ToDictionary(StringComparer.Ordinal);
        return [.. after.CountBy(column => column.Name)
            .Where(name => name.Value > counts.GetValueOrDefault(name.Key)).Select(name => name.Key)];
    }
}
