using System.Globalization;

namespace ProbML.GaussianProcesses;

/// <summary>Likelihoods of regression as text, such as "studentt(df=4, scale=0.5)": printed, parsed and saved.</summary>
internal static class LikelihoodText
{
    private const string Known = "poisson, negativebinomial(theta=1), studentt(df=4, scale=1)";

    public static string Write(string name, params ReadOnlySpan<(string Name, double Value)> arguments)
    {
        var parts = new List<string>();
        foreach (var (argument, value) in arguments)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{argument}={value:R}"));
        return $"{name}({string.Join(", ", parts)})";
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else; the message says what there is.</exception>
    public static ResponseLikelihood Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim().ToLowerInvariant();
        int open = trimmed.IndexOf('(', StringComparison.Ordinal);
        string name = (open < 0 ? trimmed : trimmed[..open]).TrimEnd();
        var arguments = new Dictionary<string, double>();
        if (open >= 0)
        {
            if (!trimmed.EndsWith(')'))
                throw new FormatException($"The likelihood '{text}' has no ')' at its end.");
            foreach (string part in trimmed[(open + 1)..^1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                string[] sides = part.Split('=', StringSplitOptions.TrimEntries);
                if (sides.Length != 2 || !double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                    throw new FormatException($"The argument '{part}' of the likelihood '{text}' is no name=number.");
                arguments[sides[0]] = value;
            }
        }
        try
        {
            ResponseLikelihood made = name switch
            {
                "poisson" => new PoissonLikelihood(),
                "negativebinomial" => new NegativeBinomialLikelihood { Theta = Take("theta") ?? 1 },
                "studentt" => new StudentTLikelihood { DegreesOfFreedom = Take("df") ?? 4, Scale = Take("scale") },
                _ => throw new FormatException($"'{name}' is no likelihood; there are {Known}."),
            };
            return arguments.Count == 0
                ? made
                : throw new FormatException($"The likelihood {name} has no argument '{arguments.Keys.First()}'; there are {Known}.");
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new FormatException($"The likelihood '{text}': {e.Message}", e);
        }

        double? Take(string argument) => arguments.Remove(argument, out double value) ? value : null;
    }
}
