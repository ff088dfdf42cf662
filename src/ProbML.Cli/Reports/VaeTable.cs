using System.Text.Json.Nodes;
using Spectre.Console;
using static ProbML.Cli.FitTable;

namespace ProbML.Cli;

/// <summary>An autoencoder's fit as text, for people.</summary>
internal static class VaeTable
{
    private const int MostNames = 8;

    /// <summary>Prints which columns have which distribution, and how the networks were trained.</summary>
    public static void Print(Terminal terminal, JsonObject report)
    {
        var console = terminal.Pretty;
        string kind = report["anomaly"] is JsonObject ? "anomaly detector by a variational autoencoder" : "variational autoencoder";
        string upper = string.Concat(report["upper_latent_sizes"]!.AsArray().Select(size => $", then {size}"));
        console.MarkupLine($"[bold]{kind}[/], latent size {report["latent_size"]}{upper}");
        var table = new Table { Border = terminal.IsTerminal ? TableBorder.Rounded : TableBorder.Simple };
        table.AddColumn("Likelihood");
        table.AddColumn("Columns");
        foreach (var group in report["likelihoods"]!.AsArray().OfType<JsonObject>())
            table.AddRow(new Text((string)group["likelihood"]!), new Text(Names(group["columns"]!.AsArray())));
        console.Write(table);
        if (report["hidden"] is JsonArray hidden)
        {
            console.WriteLine($"hidden layers {string.Join(", ", hidden)}; {report["posterior"]} posterior; "
                + $"{report["parameters"]} parameters");
        }
        string held = (long)report["validation_rows"]! > 0 ? $", {report["validation_rows"]} held out" : "";
        console.WriteLine($"{report["rows"]} rows{held}; {report["epochs"]} epochs in {Short(Value(report["seconds"]))} s "
            + $"on {report["device"]}, seed {report["seed"]}");
        string validation = report["validation_elbo_per_row"] is { } elbo ? $", {Short(Value(elbo))} of the rows held out" : "";
        console.WriteLine($"ELBO {Short(Value(report["elbo_per_row"]))} nats a row{validation}");
        if (report["anomaly"] is JsonObject anomaly)
        {
            string rate = anomaly["false_alarm_rate"] is { } share ? $", for a false-alarm rate of {Short(Value(share))}" : "";
            console.WriteLine($"an anomaly: Score ({anomaly["score"]}) above {Short(Value(anomaly["threshold"]))}{rate}");
        }
        console.WriteLine($"data hash {report["data_hash"]}");
        if ((string?)report["status"] == "not_finite")
            console.MarkupLine("[red]not converged: a loss was no number[/]");
    }

    private static string Names(JsonArray columns) =>
        string.Join(", ", columns.Take(MostNames)) + (columns.Count > MostNames ? $", ... ({columns.Count})" : "");
}
