namespace ProbML;

/// <summary>Coefficients that differ from group to group: z'b, b ~ N(0, Σ) for each group of a column.</summary>
/// <remarks>
/// z is one (the group's intercept), the slopes' features, or both; R's <c>(1 + slopes | group)</c>. What is common to all groups
/// is a fixed coefficient: features with a slope usually stand among the features too, as they do here.
/// </remarks>
public sealed record GroupEffect
{
    /// <summary>Coefficients of a column's groups.</summary>
    /// <param name="group">The column that names each row's group.</param>
    /// <param name="slopes">The features, by slot name, whose coefficients differ between groups; none: the intercept alone.</param>
    /// <exception cref="ArgumentException">The column has no name, or a slope is named twice.</exception>
    public GroupEffect(string group, params IReadOnlyList<string> slopes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        ArgumentNullException.ThrowIfNull(slopes);
        if (slopes.CountBy(name => name).FirstOrDefault(pair => pair.Value > 1).Key is { } twice)
            throw new ArgumentException($"The slope '{twice}' of '{group}' is named twice.", nameof(slopes));
        (Group, Slopes) = (group, slopes);
    }

    /// <summary>The column that names each row's group.</summary>
    public string Group { get; }

    /// <summary>The features whose coefficients differ between groups.</summary>
    public IReadOnlyList<string> Slopes { get; }

    /// <summary>Whether each group has an intercept of its own.</summary>
    public bool Intercept { get; init; } = true;

    /// <summary>Whether Σ is free; false: it is diagonal, R's <c>(1 + slopes || group)</c>.</summary>
    public bool Correlated { get; init; } = true;

    /// <summary>The names of z, the intercept first.</summary>
    public IReadOnlyList<string> Names => Intercept ? [BayesianCoefficient.Intercept, .. Slopes] : Slopes;

    /// <summary>As R writes it: "(1 + x | g)".</summary>
    public override string ToString() =>
        $"({(Intercept ? "1" : "0")}{string.Concat(Slopes.Select(name => " + " + name))} {(Correlated ? "|" : "||")} {Group})";
}
