namespace ProbML.Studio;

/// <summary>A second file compared with the first.</summary>
/// <param name="Current">The second file.</param>
/// <param name="Report">Whether, how much and where they differ.</param>
internal sealed record DriftResult(Table Current, DriftReport Report);
