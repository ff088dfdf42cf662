using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace ProbML.Cli;

/// <summary>A fit of several classes, or of a limited response, as a table for people.</summary>
internal static class VectorTable
{
    public static void Print(Terminal terminal, VectorFit fit, JsonObject report)
    {
        var (console, s) = (terminal.Pretty, fit.Statistics);
        console.MarkupLine(Title(fit, report));
        FitTable.PrintCoefficients(terminal, fit.Coefficients, "z", fit.Level);
        string weights = s.SumOfWeights == s.PositiveRows ? "" : $" (weights add up to {FitTable.Short(s.SumOfWeights)})";
        console.WriteLine($"{s.PositiveRows} rows{weights}, {s.ParameterCount} parameters");
        if (fit.Tobit is { } tobit)
            console.WriteLine($"sigma {FitTable.Short(tobit.Sigma)}, {Censored(tobit)}");
        console.WriteLine(
            $"log-likelihood {FitTable.Short(s.LogLikelihood)}, of the model without features "
                + $"{FitTable.Short(s.NullLogLikelihood)}, AIC {FitTable.Short(s.Aic)}, BIC {FitTable.Short(s.Bic)}");
        FitTable.PrintEnd(terminal, fit.Coefficients, report);
    }

    private static string Censored(TobitModel tobit) => string.Join(", ", new[]
    {
        tobit.Options.Lower is { } lower ? $"{tobit.LowerCount} rows at the lower limit {FitTable.Short(lower)}" : null,
        tobit.Options.Upper is { } upper ? $"{tobit.UpperCount} rows at the upper limit {FitTable.Short(upper)}" : null,
    }.OfType<string>());

    private static string Title(VectorFit fit, JsonObject report)
    {
        string name = fit.Family switch
        {
            "multinomial" => "Multinomial regression, " + (fit.Coding == MultinomialCoding.Symmetric
                ? "symmetric coding"
                : $"against '{fit.Classes![0]}'"),
            "ordinal" => $"Ordinal regression, {fit.Link} link",
            _ => "Tobit regression",
        };
        string penalty = fit.L2 > 0 ? string.Create(CultureInfo.InvariantCulture, $", L2 {fit.L2}") : "";
        return $"[bold]{Markup.Escape(name + penalty)}[/]{Markup.Escape(FitTable.Formula(fit.Response, report))}";
    }
}
