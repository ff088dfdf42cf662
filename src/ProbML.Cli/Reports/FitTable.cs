using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace ProbML.Cli;

/// <summary>A fit as a table, for people.</summary>
internal static class FitTable
{
    /// <summary>Prints the coefficients, the quality of the fit, and what to beware of.</summary>
    public static void Print(Terminal terminal, GlmModel model, JsonObject report)
    {
        var console = terminal.Pretty;
        console.MarkupLine(Title(model, report));
        PrintCoefficients(terminal, model.Coefficients, model.IsDispersionKnown ? "z" : "t", model.Level);
        var s = model.Statistics;
        string weights = s.SumOfWeights == s.PositiveRows ? "" : $" (weights add up to {Short(s.SumOfWeights)})";
        Line($"{s.PositiveRows} rows{weights}, "
            + $"{s.Rank} coefficients, {s.ResidualDegreesOfFreedom} degrees of freedom left");
        if (model.Family.EstimatesDispersion)
            Line($"dispersion {Short(s.Dispersion)}");
        if (s.Theta is { } theta)
            Line($"theta {Short(theta)}"
                + (s.ThetaStandardError is { } error ? $" (standard error {Short(error)})" : ", as given"));
        Line($"deviance {Short(s.Deviance)}, of the model without features {Short(s.NullDeviance)}, on "
            + $"{s.NullDegreesOfFreedom} degrees of freedom");
        Line($"log-likelihood {Short(s.LogLikelihood)}"
            + (s.ParameterCount is null ? "" : $", AIC {Short(s.Aic)}, BIC {Short(s.Bic)}"));
        if (report["path"] is JsonObject path && path["lambda"] is not null)
        {
            Line($"lambda {Short(Value(path["lambda"]))} of {path["lambdas"]!.AsArray().Count}, by the rule "
                + $"{path["lambda_rule"]} in {path["cv_folds"]}-fold cross-validation");
        }
        PrintEnd(terminal, model.Coefficients, report);

        void Line(string text) => console.WriteLine(text);
    }

    /// <summary>Prints a row for each coefficient.</summary>
    public static void PrintCoefficients(
        Terminal terminal, IEnumerable<GlmCoefficient> coefficients, string kind, double level)
    {
        string percent = (100 * level).ToString("0.##", CultureInfo.InvariantCulture);
        var table = new Table { Border = terminal.IsTerminal ? TableBorder.Rounded : TableBorder.Simple };
        table.AddColumn("Coefficient");
        foreach (string header in (string[])["Estimate", "Std. error", kind, "p", $"{percent} % from", "to"])
            table.AddColumn(new TableColumn(header).RightAligned());
        foreach (var c in coefficients)
            table.AddRow(Row(c));
        terminal.Pretty.Write(table);
    }

    /// <summary>Prints the test, and what to beware of.</summary>
    public static void PrintEnd(Terminal terminal, IEnumerable<GlmCoefficient> coefficients, JsonObject report)
    {
        var console = terminal.Pretty;
        if (report["robust"] is JsonObject)
            console.WriteLine($"standard errors: {report["covariance_kind"]}");
        if (report["likelihood_ratio_test"] is JsonObject test)
        {
            console.WriteLine($"without '{test["dropped_column"]}': chi-square {Short(Value(test["statistic"]))} on {test["df"]} "
                + $"degrees of freedom, p {Probability(Value(test["p_value"]))}");
        }
        foreach (var c in coefficients.Where(c => c.IsAliased))
            console.WriteLine($"{c.Name} cannot be estimated: {c.Aliasing}");
        string status = (string?)report["status"] ?? "";
        if (status is "separated" or "not_converged" or "no_overdispersion")
            console.MarkupLine($"[red]{Markup.Escape($"not converged: {status.Replace('_', ' ')}")}[/]");
    }

    private static string Title(GlmModel model, JsonObject report)
    {
        string penalty = model.Options.IsPenalised ? $", L1 {Short(model.Options.L1)}, L2 {Short(model.Options.L2)}" : "";
        string kind = (string?)report["estimator"] == "firth" ? "GLM by Firth's method" : "GLM";
        return $"[bold]{Markup.Escape($"{model.Family.Name} {kind}, {model.Link.Name} link{penalty}")}[/]"
            + Markup.Escape(Formula(model.ResponseName, report));
    }

    /// <summary>What is predicted from what.</summary>
    public static string Formula(string response, JsonObject report)
    {
        string formula = "";
        if (report["design"]?["terms"] is JsonArray terms)
            formula = $": {response} ~ {string.Join(" + ", terms.Select(term => (string?)term?["column"]))}";
        foreach (string role in (string[])["weights", "offset", "exposure"])
        {
            if ((string?)report[role + "_column"] is { } column)
                formula += $", {role} {column}";
        }
        if ((string?)report["response"]?["positive_value"] is { } positive)
            formula += $", '{positive}' counts as 1";
        return formula;
    }

    private static Markup[] Row(GlmCoefficient c)
    {
        if (c.IsAliased)
            return [new(Markup.Escape(c.Name)), .. Enumerable.Range(0, 6).Select(_ => new Markup("[grey]-[/]"))];
        string colour = c.PValue < 0.001 ? "green" : c.PValue < 0.05 ? "yellow" : "grey";
        return
        [
            new(Markup.Escape(c.Name)),
            new(Short(c.Estimate)),
            new(Short(c.StandardError)),
            new(Short(c.Statistic)),
            new($"[{colour}]{Probability(c.PValue)}[/]"),
            new(Short(c.Lower)),
            new(Short(c.Upper)),
        ];
    }

    /// <summary>Five significant digits, or one behind the point of a large number; a dash where there is none.</summary>
    public static string Short(double value) => !double.IsFinite(value) ? "-"
        : Math.Abs(value) is >= 1e5 and < 1e15 ? value.ToString("0.0", CultureInfo.InvariantCulture)
        : value.ToString("G5", CultureInfo.InvariantCulture);

    private static string Probability(double p) => !double.IsFinite(p) ? "-"
        : p < 1e-300 ? "<1e-300"
        : p < 1e-4 ? p.ToString("0.0e0", CultureInfo.InvariantCulture)
        : p.ToString("0.0000", CultureInfo.InvariantCulture);

    private static double Value(JsonNode? node) => node?.GetValue<double>() ?? double.NaN;
}
