using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using static ProbML.Cli.FitTable;

namespace ProbML.Cli;

/// <summary>A density ratio's fit as text, for people.</summary>
internal static class RatioTable
{
    private static readonly (string Key, string Name)[] Divergences =
    [
        ("kullback_leibler", "Kullback-Leibler, numerator to denominator"),
        ("reverse_kullback_leibler", "Kullback-Leibler, denominator to numerator"),
        ("jensen_shannon", "Jensen-Shannon"),
        ("squared_hellinger", "Squared Hellinger"),
        ("total_variation", "Total variation"),
    ];

    /// <summary>Prints what it is, and how far the samples lie apart.</summary>
    public static void Print(Terminal terminal, JsonObject report)
    {
        var console = terminal.Pretty;
        console.WriteLine(report["response"] is JsonObject samples
            ? $"density ratio of '{samples["positive_value"]}' to '{samples["negative_value"]}'"
            : "density ratio");
        console.WriteLine(Model(report));
        console.WriteLine($"{report["numerator_rows"]} rows of the numerator, {report["denominator_rows"]} of the denominator");
        var table = new Table().Border(TableBorder.Minimal)
            .AddColumn("Divergence (nats)").AddColumn(new TableColumn("Estimate").RightAligned())
            .AddColumn(new TableColumn("Std. Error").RightAligned());
        foreach (var (key, name) in Divergences)
        {
            var one = report["divergences"]![key]!;
            table.AddRow(Markup.Escape(name), Short(Value(one["estimate"])), Short(Value(one["standard_error"])));
        }
        console.Write(table);
        long rows = (long)report["denominator_rows"]!;
        double effective = Value(report["effective_sample_size"]);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"weights: worth {effective:N0} of {rows:N0} rows, cut at a ratio of {Short(Value(report["maximum_ratio"]))}"));
    }

    private static string Model(JsonObject report)
    {
        if (report["architecture"] is { } architecture)
        {
            return $"network {architecture}; {report["parameters"]} parameters, {report["epochs"]} epochs in {Short(Value(report["seconds"]))} s "
                + $"on {report["device"]}, seed {report["seed"]}";
        }
        int components = (int)report["components"]!, folds = (int)report["cross_fit"]!;
        string sum = components == 1 ? "logistic regression" : $"a sum of {components} exponentials";
        string cross = folds == 0 ? "" : $", cross-fitted by {folds} models";
        return $"{sum} of {report["shape"]} terms, penalty {Short(Value(report["l2"]))}{cross}";
    }
}
