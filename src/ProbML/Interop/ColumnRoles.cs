namespace ProbML;

/// <summary>The names of the columns that a trainer reads.</summary>
/// <remarks>
/// Offset and exposure may both be given: o + ln(exposure) is then added to the linear predictor. The weight is read in
/// training alone; features, offset and exposure at scoring too, where an absent column counts as an offset of 0.
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
    string? Exposure = null);
