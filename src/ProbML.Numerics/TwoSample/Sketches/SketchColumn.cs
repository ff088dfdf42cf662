namespace ProbML.TwoSample;

/// <summary>A column that is sketched.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsLevels">Whether it holds levels rather than numbers.</param>
public sealed record SketchColumn(string Name, bool IsLevels)
{
    private string Kind => IsLevels ? "levels" : "numbers";

    /// <summary>What two tables' columns differ in, in words.</summary>
    internal static List<string> Differences(
        IReadOnlyList<SketchColumn> one, IReadOnlyList<SketchColumn> other, string here = "this sketch", string there = "the other")
    {
        var differences = new List<string>();
        foreach (var column in one)
        {
            if (other.FirstOrDefault(match => match.Name == column.Name) is not { } found)
                differences.Add($"'{column.Name}' is not in {there}");
            else if (found.IsLevels != column.IsLevels)
                differences.Add($"'{column.Name}' holds {column.Kind} in {here} and {found.Kind} in {there}");
        }
        foreach (var column in other)
            if (one.All(match => match.Name != column.Name))
                differences.Add($"'{column.Name}' is not in {here}");
        return differences;
    }
}
