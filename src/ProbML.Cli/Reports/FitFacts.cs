namespace ProbML.Cli;

/// <summary>What is known of a fit besides the model.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Plan">How the file was understood.</param>
/// <param name="FirstRows">η (offset included) and the mean of the first rows.</param>
/// <param name="Test">The test of leaving a column out, or null.</param>
internal sealed record FitFacts(
    FitRequest Request, FitPlan Plan, IReadOnlyList<(double Eta, double Mean)> FirstRows, DropTest? Test);

/// <summary>A likelihood-ratio test of leaving a column out.</summary>
/// <param name="Column">The column.</param>
/// <param name="Coefficients">The names of its coefficients.</param>
/// <param name="Reduced">The model without it.</param>
/// <param name="Result">The test.</param>
internal sealed record DropTest(
    string Column, IReadOnlyList<string> Coefficients, GlmModel Reduced, LikelihoodRatioTest Result);
