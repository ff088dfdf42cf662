using System.Text.Json.Nodes;

namespace ProbML.Cli;

/// <summary>What is known of a fit besides the model.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Plan">How the file was understood.</param>
/// <param name="FirstRows">η (offset included), where there is one, and the mean of the first rows.</param>
internal sealed record FitFacts(
    FitRequest Request, FitPlan Plan, IReadOnlyList<(double? Eta, JsonNode? Mean)> FirstRows);

/// <summary>A likelihood-ratio test of leaving a column out.</summary>
/// <param name="Column">The column.</param>
/// <param name="Coefficients">The names of its coefficients.</param>
/// <param name="Reduced">The model without it.</param>
/// <param name="Result">The test.</param>
internal sealed record DropTest<TModel>(
    string Column, IReadOnlyList<string> Coefficients, TModel Reduced, LikelihoodRatioTest Result)
{
    /// <summary>The test, of models that are told apart by their likelihoods.</summary>
    public JsonObject Json(LikelihoodStatistics reduced) => new()
    {
        ["dropped_column"] = Column,
        ["dropped_coefficients"] = ProbML.Cli.Json.Array(Coefficients),
        ["df"] = Result.DegreesOfFreedom,
        ["log_likelihood_reduced"] = ProbML.Cli.Json.Number(reduced.LogLikelihood),
        ["statistic"] = ProbML.Cli.Json.Number(Result.Statistic),
        ["p_value"] = ProbML.Cli.Json.Number(Result.PValue),
        ["statistic_note"] = "2 * log-likelihood difference, chi-square",
    };
}
