using System.Globalization;

namespace ProbML.Fitting;

/// <summary>Says of an aliased column how it is made of the columns before it.</summary>
internal static class Aliasing
{
    private const int MostTerms = 6;

    /// <summary>A text for each aliased coefficient, by its place in [intercept, features].</summary>
    public static Dictionary<int, string> Describe(GlmStart start, IReadOnlyList<string> names)
    {
        var plain = start.Plain;
        double[] t = plain.ToOriginal(out _);
        int first = plain.Intercept ? 1 : 0, q = plain.Width;
        var texts = new Dictionary<int, string>();
        foreach (var (column, factor) in start.Aliased)
            texts[column] = Describe(column, factor, t, first, q, names);
        return texts;
    }

    private static string Describe(
        int column, RankRevealingCholesky factor, double[] t, int first, int q, IReadOnlyList<string> names)
    {
        // z_column = Σ c_k z_k with z = x r + s: read off in terms of x.
        double[] c = factor.Dependence(column);
        double rate = t[column * q + column], constant = first == 1 ? -t[column] : 0;
        var terms = new List<(string Name, double Weight)>();
        for (int k = 0; k < c.Length; k++)
        {
            int place = factor.Kept[k];
            if (first == 1)
                constant += c[k] * t[place];              // T's first row holds each column's shift (1 for the intercept)
            if (place >= first)
                terms.Add((names[place - first], c[k] * t[place * q + place] / rate));
        }
        return Describe(constant / rate, terms);
    }

    /// <summary>A column as a constant and a weighted sum of others.</summary>
    public static string Describe(double constant, List<(string Name, double Weight)> terms)
    {
        double largest = Math.Max(1e-300, terms.Select(p => Math.Abs(p.Weight)).DefaultIfEmpty(0).Max());
        var seen = terms.Where(p => Math.Abs(p.Weight) > 1e-8 * largest && Math.Abs(p.Weight) > 1e-10).ToList();
        var parts = seen.Take(MostTerms).Select(p => Term(p.Weight, p.Name)).ToList();
        if (seen.Count > MostTerms)
            parts.Add("...");
        if (seen.Count == 0)
            return $"it is constant, {Number(constant)}";
        if (Math.Abs(constant) > 1e-8 * largest)
            parts.Insert(0, Number(constant));
        return "it equals " + string.Join(" + ", parts).Replace("+ -", "- ", StringComparison.Ordinal);
    }

    private static string Term(double weight, string name) => Number(weight) switch
    {
        "1" => name,
        "-1" => "-" + name,
        var number => $"{number}·{name}",
    };

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
