using System.Text;

namespace ProbML.Studio;

/// <summary>Makes names of columns out of the first line of a file: none empty, none twice, none that a model's own columns have.</summary>
internal static class HeadingNames
{
    private const int Longest = 100;

    /// <summary>The names that trainers read and add.</summary>
    private static readonly HashSet<string> Reserved = new(
        [
            "Label", "Features", "TreeLabel", "TreeFeatures", "Latent", "LabelNumber", "PredictionSet", "PredictionSetSize", "PValue", "LatentStandardDeviation", "Elbo", "ReconstructionError",
            .. typeof(ColumnNames).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!),
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>A name for each heading.</summary>
    /// <param name="headings">The first line.</param>
    /// <param name="notes">Told of each name that is not the heading.</param>
    public static string[] Make(IReadOnlyList<string> headings, List<string> notes)
    {
        string[] names = new string[headings.Count];
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < names.Length; i++)
        {
            string heading = Clean(headings[i]);
            string name = heading.Length == 0 ? $"Column {i + 1}" : heading;
            if (name.Length > Longest)
                name = name[..Longest].TrimEnd();
            if (Reserved.Contains(name))
                name += " (input)";
            string first = name;
            for (int count = 2; !taken.Add(name); count++)
                name = $"{first} ({count})";
            if (heading.Length == 0)
                notes.Add($"Column {i + 1} has no name; it is called '{name}'.");
            else if (!string.Equals(name, heading, StringComparison.Ordinal))
                notes.Add($"Column {i + 1}, '{heading}', is called '{name}': names differ, are at most {Longest} characters long, "
                    + "and not those of predictions.");
            names[i] = name;
        }
        return names;
    }

    /// <summary>A heading on one line, without characters that cannot be seen.</summary>
    private static string Clean(string heading)
    {
        var text = new StringBuilder(heading.Length);
        foreach (var rune in heading.EnumerateRunes())
        {
            bool isSeen = Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Control
                or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.Surrogate
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator);
            if (isSeen)
                text.Append(rune.ToString());
            else
                text.Append(' ');
        }
        return text.ToString().Trim();
    }
}
