namespace ProbML;

/// <summary>The columns a trainer reads, by name, and the ones its transformer reads again: features, offset, exposure.</summary>
/// <remarks>
/// Offset and exposure may both be given: o + ln(exposure) is then added to the linear predictor. The weight is read in
/// training alone. At scoring a missing offset or exposure column counts as an offset of zero.
/// </remarks>
/// <param name="Label">The response y.</param>
/// <param name="Features">The features x: a vector of known size, of Single or Double.</param>
/// <param name="Weight">The rows' prior weights w ≥ 0, of Single or Double; null: all one.</param>
/// <param name="Offset">What is added to the linear predictor, of Single or Double; null: nothing.</param>
/// <param name="Exposure">What the response is proportional to (time, area, head count), > 0; ln of it is an offset.</param>
public sealed record ColumnRoles(
    string Label = "Label",
    string Features = "Features",
    string? Weight = null,
    string? Offset = null,
    string? Exposure = null);
