using System.Globalization;

namespace ProbML;

/// <summary>Priors as text.</summary>
internal static class PriorText
{
    public static Prior Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (word, numbers) = Split(text);
        try
        {
            return (word, numbers) switch
            {
                ("flat", []) => new FlatPrior(),
                ("normal", [var scale]) => new NormalPrior(0, scale),
                ("normal", [var mean, var sd]) => new NormalPrior(mean, sd),
                ("student-t" or "student_t" or "t", [var df, var scale]) => new StudentTPrior(df, 0, scale),
                ("student-t" or "student_t" or "t", [var df, var centre, var scale]) => new StudentTPrior(df, centre, scale),
                ("cauchy", [var scale]) => new StudentTPrior(1, 0, scale),
                ("cauchy", [var centre, var scale]) => new StudentTPrior(1, centre, scale),
                ("laplace", [var scale]) => new LaplacePrior(0, scale),
                ("laplace", [var centre, var scale]) => new LaplacePrior(centre, scale),
                ("horseshoe", []) => new HorseshoePrior(),
                ("horseshoe", [var scale]) => new HorseshoePrior(scale),
                ("regularised-horseshoe", []) => new RegularisedHorseshoePrior(),
                ("regularised-horseshoe", [var scale]) => new RegularisedHorseshoePrior(scale),
                ("regularised-horseshoe", [var scale, var slab]) => new RegularisedHorseshoePrior(scale, slab),
                ("regularised-horseshoe", [var scale, var slab, var df]) => new RegularisedHorseshoePrior(scale, slab, df),
                _ => throw Unknown(text),
            };
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new FormatException($"'{text}' is no prior: {e.Message}");
        }
    }

    /// <summary>"word(1,2)" as a word and numbers; a word that nothing is called where the text is not of that form.</summary>
    public static (string Word, double[] Numbers) Split(string text)
    {
        string trimmed = text.Trim().ToLowerInvariant();
        int open = trimmed.IndexOf('(', StringComparison.Ordinal);
        string word = (open < 0 ? trimmed : trimmed[..open]).Trim();
        return (open < 0 || trimmed.EndsWith(')')) && Numbers(open < 0 ? "" : trimmed[(open + 1)..^1]) is { } numbers
            ? (word, numbers)
            : ("", []);
    }

    private static double[]? Numbers(string list)
    {
        if (string.IsNullOrWhiteSpace(list))
            return [];
        string[] parts = list.Split(',');
        var numbers = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }
        return numbers;
    }

    private static FormatException Unknown(string text) => new(
        $"There is no prior '{text}'. The priors are normal(mean,sd), student-t(df,location,scale), cauchy(location,scale), "
        + "laplace(location,scale), horseshoe(scale), regularised-horseshoe(scale,slab scale,slab df) and flat.");
}
