using System.CommandLine;
using static ProbML.Cli.OptionWords;

namespace ProbML.Cli;

/// <summary>The words of the report command.</summary>
internal sealed class ReportWords
{
    private readonly Option<string> data = Text("--data", "Rows to judge the model by, best those it has not seen; without it, what the model itself knows.");
    private readonly Option<string> output = Text("--out", "The page to write: one HTML file that needs nothing else.", true);
    private readonly Option<string> png = Text("--png", "A folder to write each plot to as a PNG file.");
    private readonly Option<string> title = Text("--title", "The title of the page.");
    private readonly Option<string[]> along = List("--along", "The features to draw predictions along. Those that move them most unless given.");

    public Command Build(Commands commands, Option<string> model, Option<string> unseen, Func<ParseResult, bool> isMissing, Option<int?> seed, Option<bool> json)
    {
        Command report = new("report", "Write a page of tables and plots: coefficients, calibration, residuals, posteriors, bands.")
        {
            model, data, output, png, title, along, unseen, seed, json,
        };
        report.SetAction(result => commands.Report(new(
            result.GetRequiredValue(model),
            result.GetValue(data),
            result.GetRequiredValue(output),
            result.GetValue(png),
            result.GetValue(title),
            Split(result, along),
            isMissing(result),
            result.GetValue(seed) ?? 1,
            result.GetValue(json))));
        return report;
    }
}
