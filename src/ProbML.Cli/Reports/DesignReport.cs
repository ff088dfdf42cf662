using System.Text.Json.Nodes;
using ProbML.Fitting;
using static ProbML.Cli.Json;

namespace ProbML.Cli;

/// <summary>What any fit reports: the rows and columns it saw, and how it ended.</summary>
internal static class DesignReport
{
    /// <summary>Which rows and columns were fitted.</summary>
    public static void Add(JsonObject report, FitFacts facts, bool intercept, IEnumerable<string> columnNames)
    {
        var (request, plan) = (facts.Request, facts.Plan);
        report["data"] = new JsonObject
        {
            ["file"] = plan.Scan.Name,
            ["rows"] = plan.Scan.Rows,
            ["rows_left_out"] = plan.Scan.Rows - plan.Scan.CompleteRows,
        };
        report["response"] = new JsonObject { ["column"] = plan.Label };
        if (plan.Levels is { } levels)
        {
            report["response"]!["levels"] = Array(levels);
        }
        else
        {
            report["response"]!["positive_value"] = plan.Positive;
            report["response"]!["negative_value"] = plan.Negative;
        }
        report["design"] = new JsonObject
        {
            ["intercept"] = intercept,
            ["terms"] = new JsonArray([.. plan.Terms.Select(Term)]),
            ["column_names"] = Array(columnNames),
        };
        report["weights_column"] = request.Weight;
        report["offset_column"] = request.Offset;
        report["exposure_column"] = request.Exposure;
    }

    /// <summary>How a fit ended, in the words of the reference files.</summary>
    public static string Status(GlmStatus status, bool isPenalised, bool isAliased) => status switch
    {
        GlmStatus.Converged when isPenalised => "penalised",
        GlmStatus.Converged when isAliased => "rank_deficient",
        GlmStatus.Converged => "converged",
        GlmStatus.Separated => "separated",
        GlmStatus.NoOverdispersion => "no_overdispersion",
        _ => "not_converged",
    };

    internal static JsonObject Term(DesignTerm term) => term.IsCode
        ? new() { ["column"] = term.Column, ["encoding"] = "code", ["levels"] = Array(term.Levels!) }
        : term.Levels is { } levels ? new()
        {
            ["column"] = term.Column,
            ["encoding"] = "one-hot",
            ["levels"] = Array(levels),
            ["baseline"] = term.Baseline.IsNone ? null : term.Baseline.Level ?? levels[0],
        }
        : new() { ["column"] = term.Column, ["encoding"] = "numeric" };
}
