using System.CommandLine;
using static ProbML.Cli.OptionWords;

namespace ProbML.Cli;

/// <summary>The words of the drift command.</summary>
internal sealed class DriftWords
{
    private readonly Option<string[]> reference = Files(
        "--reference", "The file of rows as they were; or several, a pattern such as 'june-*.csv', or sketches that --sketch-out wrote.", isRequired: true);
    private readonly Option<string[]> current = Files(
        "--current", "The same of rows as they are. May be left out with --sketch-out.", isRequired: false);
    private readonly Option<string> sketchOut = Text(
        "--sketch-out", "A file to keep the reference's sketch in: small, and to be given as --reference in place of the rows.");
    private readonly Option<double?> sample = Number(
        "--sample", "The rows that a sketch draws (10,000 unless given).", v => v is >= 10 and <= 1e7 && v == Math.Floor(v), "a whole number from 10 to 10,000,000");
    private readonly Option<bool> duplicates = Switch("--allow-duplicates", "Several files may hold the same rows.");
    private readonly Option<double?> alarms = Number(
        "--level", "The probability of a false alarm (0.05 unless given).", v => v is > 0 and < 1, "between 0 and 1");
    private readonly Option<string> html = Text("--html", "A page to write the report to.");

    public Command Build(
        Commands commands, Option<string[]> features, Option<string[]> ignore, Option<string[]> categorical, Option<int?> seed,
        Option<bool> json)
    {
        Command drift = new("drift", "Say whether rows still come from where others came: exit code 3 if they do not.")
        {
            reference, current, features, ignore, categorical, alarms, seed, html, json, sketchOut, sample, duplicates,
        };
        drift.Validators.Add(result =>
        {
            if (result.GetResult(current) is null && result.GetResult(sketchOut) is null)
                result.AddError("Option '--current' is required");
        });
        drift.SetAction(result => commands.Drift(new(
            result.GetRequiredValue(reference),
            result.GetValue(current) ?? [],
            Split(result, features),
            Split(result, ignore),
            Split(result, categorical),
            result.GetValue(alarms) ?? 0.05,
            result.GetValue(seed),
            result.GetValue(html),
            result.GetValue(json),
            result.GetValue(sketchOut),
            (int)(result.GetValue(sample) ?? new TwoSample.TableSketchOptions().SampleRows),
            result.GetValue(duplicates))));
        return drift;
    }

    private static Option<string[]> Files(string name, string description, bool isRequired) => new(name)
    {
        Description = description,
        Required = isRequired,
        AllowMultipleArgumentsPerToken = true,
    };
}
