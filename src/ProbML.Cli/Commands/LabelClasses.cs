using System.Globalization;

namespace ProbML.Cli;

/// <summary>What the texts of a label are to a model of classes.</summary>
internal sealed class LabelClasses(FitRequest request, DataScan scan)
{
    private const int MostClasses = 100;

    private static readonly (string Negative, string Positive)[] KnownLabels =
        [("0", "1"), ("no", "yes"), ("false", "true"), ("n", "y"), ("f", "t"), ("-1", "1")];


    /// <summary>The classes in the order asked for, or as their texts or numbers are ordered.</summary>
    /// <exception cref="BadDataException">A class asked for is not there, or there is one alone, or too many.</exception>
    public (IReadOnlyList<string> Levels, string? Note) InOrder()
    {
        var label = scan[request.Label];
        string[] found = label.Levels();
        if (request.Levels.Count > 0)
        {
            if (request.Levels.FirstOrDefault(level => !found.Contains(level)) is string unseen)
                throw new BadDataException($"no row of '{label.Name}' is '{unseen}', which --levels names: leave it out.");
            return (request.Levels, null);
        }
        if (found.Length == 1)
            throw new BadDataException($"every label in '{label.Name}' is {Cell.Show(found[0])}: two classes are needed.");
        if (found.Length > MostClasses)
        {
            throw new BadDataException(
                $"'{label.Name}' holds {found.Length}{(label.IsFull ? " or more" : "")} different labels. If they are classes, "
                    + "name them with --levels; if they are numbers, choose another --family.");
        }
        return (found, $"the levels of '{label.Name}' are taken in the order {string.Join(", ", found)}; use --levels to choose.");
    }

    /// <summary>The text, or what is said of the texts, that counts as 0, and the text that counts as 1.</summary>
    /// <exception cref="BadDataException">There are not two, and none is chosen.</exception>
    public (string Negative, string Positive, string? Note) Two()
    {
        var label = scan[request.Label];
        string[] classes = label.Levels();
        string shown = string.Join(", ", classes.Take(10).Select(text => Cell.Show(text)));
        if (classes.Length == 1)
            throw new BadDataException($"every label in '{label.Name}' is {shown}: two classes are needed.");
        if (request.Positive is string given)
        {
            string positive = classes.FirstOrDefault(text => text == given)
                ?? throw new BadDataException($"no label in '{label.Name}' is '{given}'. The labels are {shown}.");
            return classes.Length > 2
                ? ($"not {positive}", positive, $"'{positive}' counts as 1 and the {classes.Length - 1} other labels as 0.")
                : (classes.First(text => text != given), positive, null);
        }
        if (classes.Length > 2)
        {
            throw new BadDataException(
                $"'{label.Name}' holds {classes.Length}{(label.IsFull ? " or more" : "")} different labels ({shown}): two "
                    + "are needed, or --positive to set one against the others.");
        }
        foreach (var (negative, positive) in KnownLabels)
        {
            if (Match(negative) is string no && Match(positive) is string yes && no != yes)
                return (no, yes, null);
        }
        string last = classes.Order(StringComparer.Ordinal).Last(), first = classes.First(text => text != last);
        return (first, last, $"'{last}' counts as 1 and '{first}' as 0; use --positive to choose.");

        string? Match(string known) =>
            classes.FirstOrDefault(text => text.Equals(known, StringComparison.OrdinalIgnoreCase)
                || (Cell.TryNumber(text, out double number) && number.ToString(CultureInfo.InvariantCulture) == known));
    }
}
