namespace ProbML;

/// <summary>The names of the columns that a trainer reads.</summary>
/// <remarks>
/// Offset and exposure may both be given: o + ln(exposure) is then added to the linear predictor. The weight is read in
/// training alone; features, offset, exposure and groups at scoring too, where an absent column counts as an offset of 0, or as
/// groups that are not known.
/// </remarks>
/// <param name="Label">The response y; not read by tasks that have none.</param>
/// <param name="Features">The features x: a vector of known size, of Single or Double.</param>
/// <param name="Weight">The rows' prior weights w ≥ 0, of Single or Double; null: all one.</param>
/// <param name="Offset">What is added to the linear predictor, of Single or Double; null: nothing.</param>
/// <param name="Exposure">What the mean is proportional to (time, area, head count), > 0; its ln is an offset.</param>
public sealed record ColumnRoles(
    string Label = "Label",
    string Features = "Features",
    string? Weight = null,
    string? Offset = null,
    string? Exposure = null)
{
    /// <summary>The columns that say which group each row belongs to: keys, text, Boolean or integers; for models that have groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Whether all names are the same.</summary>
    public bool Equals(ColumnRoles? other) => other is not null
        && (Label, Features, Weight, Offset, Exposure) == (other.Label, other.Features, other.Weight, other.Offset, other.Exposure)
        && Groups.SequenceEqual(other.Groups);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Label, Features, Weight, Offset, Exposure, Groups.Count);
}
