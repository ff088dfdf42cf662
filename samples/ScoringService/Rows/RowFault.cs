namespace ProbML.Examples.Scoring;

/// <summary>Why a row cannot be scored.</summary>
/// <param name="Row">Its number, from 1: in an array, or the line of a stream.</param>
/// <param name="Column">The column that is to blame; null: the whole row.</param>
/// <param name="Message">What was found, and what to do.</param>
internal sealed record RowFault(long Row, string? Column, string Message);
