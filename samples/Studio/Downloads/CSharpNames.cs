using System.Globalization;
using System.Text;

namespace ProbML.Studio;

/// <summary>Names and texts in generated C#: whatever a column is called, nothing of it is ever code.</summary>
internal static class CSharpNames
{
    /// <summary>A property name for each column: letters, digits and underscores, no two alike, none a keyword or a member of object.</summary>
    /// <param name="columns">The columns' names.</param>
    /// <param name="enclosing">The name of the class, which no member may have.</param>
    public static string[] Properties(IEnumerable<string> columns, string enclosing)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal)
        {
            enclosing, nameof(Equals), nameof(GetHashCode), nameof(GetType), nameof(ToString), nameof(MemberwiseClone),
            nameof(ReferenceEquals), "Finalize",
        };
        return [.. columns.Select(Next)];

        string Next(string column)
        {
            string name = Identifier(column), first = name;
            for (int count = 2; !taken.Add(name); count++)
                name = $"{first}_{count}";
            return name;
        }
    }

    /// <summary>A text as a C# literal, in ASCII.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"", text.Length + 2);
        foreach (char c in text)
        {
            if (c is '"' or '\\')
                literal.Append('\\').Append(c);
            else if (c is >= ' ' and <= '~')
                literal.Append(c);
            else
                literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }
        return literal.Append('"').ToString();
    }

    /// <summary>Letters and digits of a text in Pascal case; keywords are lower case, so it is none.</summary>
    private static string Identifier(string text)
    {
        var name = new StringBuilder();
        bool starts = true;
        foreach (char c in text)
        {
            bool isPart = char.IsLetter(c) || char.IsAsciiDigit(c);
            if (isPart)
                name.Append(starts ? char.ToUpperInvariant(c) : c);
            starts = !isPart;
        }
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
            name.Insert(0, "Column");
        return name.ToString();
    }
}
