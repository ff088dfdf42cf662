using System.CommandLine;
using static ProbML.Cli.OptionWords;

namespace ProbML.Cli;

/// <summary>The words of the drift command.</summary>
internal sealed class DriftWords
{
    private readonly Option<string> reference = Text("--reference", "The file of rows as they were.", true);
    private readonly Option<string> current = Text("--current", "The file of rows as they are.", true);
    private readonly Option<double?> alarms = Number(
        "--level", "The probability of a false alarm (0.05 unless given).", v => v is > 0 and < 1, "between 0 and 1");
    private readonly Option<string> html = Text("--html", "A page to write the report to.");

    public Command Build(
        Commands commands, Option<string[]> features, Option<string[]> ignore, Option<string[]> categorical, Option<int?> seed,
        Option<bool> json)
    {
        Command drift = new("drift", "Say whether rows still come from where others came: exit code 3 if they do not.")
        {
            reference, current, features, ignore, categorical, alarms, seed, html, json,
        };
        drift.SetAction(result => commands.Drift(new(
            result.GetRequiredValue(reference),
            result.GetRequiredValue(current),
            Split(result, features),
            Split(result, ignore),
            Split(result, categorical),
            result.GetValue(alarms) ?? 0.05,
            result.GetValue(seed),
            result.GetValue(html),
            result.GetValue(json))));
        return drift;
    }
}
