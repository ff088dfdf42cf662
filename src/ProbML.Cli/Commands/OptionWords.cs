using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ProbML.Cli;

/// <summary>Options of the kinds that the tool has, which say what is wrong with a value.</summary>
internal static class OptionWords
{
    /// <summary>The parts of a list, however it was given.</summary>
    public static string[] Split(ParseResult result, Option<string[]> option) =>
    [
        .. (result.GetValue(option) ?? []).SelectMany(
            list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
    ];

    public static Option<string> Text(string name, string description, bool required = false) =>
        new(name) { Description = description, Required = required };

    public static Option<string[]> Many(string name, string description) =>
        new(name) { Description = description, AllowMultipleArgumentsPerToken = false };

    public static Option<string[]> List(string name, string description) =>
        Many(name, description + " Separated by commas.");

    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    public static Option<double?> Number(
        string name, string description, Predicate<double> allowed, string range) => new(name)
        {
            Description = description,
            CustomParser = result => Parse(result, name, allowed, range),
        };

    public static Option<double?> Count(string name, string description) =>
        Number(name, description, v => v >= 1 && v == Math.Floor(v) && v < 1e8, "a whole number, 1 or more");

    public static Option<int?> Seed(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => ParseSeed(result, name),
    };

    private static int? ParseSeed(ArgumentResult result, string name)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed))
            return seed;
        result.AddError($"{name} must be a whole number, not '{text}'.");
        return null;
    }

    private static double? Parse(ArgumentResult result, string name, Predicate<double> allowed, string range)
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (!Cell.TryNumber(text, out double number))
            result.AddError($"{name} '{text}': {Cell.NotANumber(text)}.");
        else if (!allowed(number))
            result.AddError($"{name} must be {range}, not {number.ToString(CultureInfo.InvariantCulture)}.");
        else
            return number;
        return null;
    }
}
