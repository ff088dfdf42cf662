using System.Globalization;

namespace ProbML.GaussianProcesses;

/// <summary>Acquisitions as text, such as "ei", "ei(0.1)" or "ucb(2)": printed, parsed and saved.</summary>
internal static class AcquisitionText
{
    public const string Improvement = "ei", LogImprovement = "logei", Probability = "pi", Bound = "ucb", Variance = "variance";

    private const string Known = "ei(0), logei(0), pi(0), ucb(2), variance";

    public static string Write(string name, double argument) => string.Create(CultureInfo.InvariantCulture, $"{name}({argument:R})");

    public static Acquisition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim().ToLowerInvariant(), name = trimmed;
        double? argument = null;
        int open = trimmed.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0)
        {
            if (!trimmed.EndsWith(')')
                || !double.TryParse(trimmed[(open + 1)..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                throw new FormatException($"The acquisition '{text}' is no name(number); there are {Known}.");
            (name, argument) = (trimmed[..open].TrimEnd(), value);
        }
        try
        {
            return name switch
            {
                Improvement => Acquisition.ExpectedImprovement(argument ?? 0),
                LogImprovement => Acquisition.LogExpectedImprovement(argument ?? 0),
                Probability => Acquisition.ProbabilityOfImprovement(argument ?? 0),
                Bound => Acquisition.ConfidenceBound(argument ?? 2),
                Variance when argument is null => Acquisition.MaximumVariance,
                _ => throw new FormatException($"'{text}' is no acquisition; there are {Known}."),
            };
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new FormatException($"The acquisition '{text}': {e.Message}", e);
        }
    }
}
