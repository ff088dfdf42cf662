using System.Text.Json.Nodes;
using Spectre.Console;
using static ProbML.Cli.FitTable;

namespace ProbML.Cli;

/// <summary>A flow's fit as text, for people.</summary>
internal static class FlowTable
{
    /// <summary>Prints what it is and how it was trained.</summary>
    public static void Print(Terminal terminal, JsonObject report)
    {
        var console = terminal.Pretty;
        string kind = report["anomaly"] is JsonObject ? "anomaly detector by a normalizing flow" : "normalizing flow";
        console.WriteLine($"{kind}, {report["architecture"]}");
        console.WriteLine($"{report["features"]!.AsArray().Count} features; {report["parameters"]} parameters");
        if (report["counts"] is JsonArray { Count: > 0 } counts)
            console.WriteLine($"counts, whose probabilities enter: {string.Join(", ", counts)}");
        string held = (long)report["validation_rows"]! > 0 ? $", {report["validation_rows"]} held out" : "";
        console.WriteLine($"{report["rows"]} rows{held}; {report["epochs"]} epochs in {Short(Value(report["seconds"]))} s "
            + $"on {report["device"]}, seed {report["seed"]}");
        string validation = report["standardized_validation_log_density_per_row"] is { } density
            ? $", {Short(Value(density))} of the rows held out"
            : "";
        console.WriteLine(
            $"ln p of standardized rows {Short(Value(report["standardized_log_density_per_row"]))} nats{validation}");
        if (report["anomaly"] is JsonObject anomaly)
        {
            string rate = anomaly["false_alarm_rate"] is { } share ? $", for a false-alarm rate of {Short(Value(share))}" : "";
            console.WriteLine($"an anomaly: Score (-ln p) above {Short(Value(anomaly["threshold"]))}{rate}");
        }
        console.WriteLine($"data hash {report["data_hash"]}");
        if ((string?)report["status"] == "not_finite")
            console.WriteLine("not converged: a loss was no number");
    }
}
