namespace ProbML;

/// <summary>A column that says which group each row belongs to, and the groups.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Levels">The names of the groups, each once.</param>
public sealed record GroupingFactor(string Name, IReadOnlyList<string> Levels)
{
    /// <summary>A row's place for a group that is missing, or not among the levels.</summary>
    public const int Unknown = -1;
}

/// <summary>A grouping factor with the place of each row's group: what a design in memory takes.</summary>
/// <param name="Factor">The factor.</param>
/// <param name="Places">[n]: places among the levels, or <see cref="GroupingFactor.Unknown"/>.</param>
public sealed record GroupColumn(GroupingFactor Factor, IReadOnlyList<int> Places)
{
    /// <summary>The factor of a column of names, its levels in ordinal order; null or "" is a group that is missing.</summary>
    /// <param name="name">What the column is called.</param>
    /// <param name="groups">[n].</param>
    public static GroupColumn Of(string name, IReadOnlyList<string?> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        string[] levels = [.. groups.Where(group => !string.IsNullOrEmpty(group)).Distinct().Order(StringComparer.Ordinal)!];
        var places = levels.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        return new(
            new(name, levels),
            [.. groups.Select(group => string.IsNullOrEmpty(group) ? GroupingFactor.Unknown : places[group])]);
    }
}

/// <summary>A scoring model that reads groups: rows come with places among the levels it knows.</summary>
public interface IGroupedModel
{
    /// <summary>The factors it knows, in the order of a row's places (<see cref="RowBlock.Groups"/>).</summary>
    IReadOnlyList<GroupingFactor> Groups { get; }
}
