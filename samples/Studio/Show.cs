using System.Globalization;

namespace ProbML.Studio;

/// <summary>Numbers as a person reads them.</summary>
internal static class Show
{
    /// <summary>Up to four significant digits and all digits before the point.</summary>
    public static string Number(double number)
    {
        if (double.IsNaN(number))
            return "–";
        if (double.IsInfinity(number))
            return number > 0 ? "∞" : "−∞";
        string text = Math.Abs(number) is >= 1000 and < 1e9 ? number.ToString(double.IsInteger(number) ? "N0" : "N1", CultureInfo.InvariantCulture)
            : number.ToString("G4", CultureInfo.InvariantCulture);
        return text.Replace("-", "−", StringComparison.Ordinal);
    }

    /// <summary>A standard error beside its estimate: two digits, and none where it is nothing beside it.</summary>
    public static string Error(double error, double estimate) => error < 1e-4 * Math.Abs(estimate) ? "0"
        : Math.Abs(error) >= 100 ? Number(Math.Round(error)) : error.ToString("G2", CultureInfo.InvariantCulture);

    /// <summary>A share in percent.</summary>
    public static string Percent(double share) =>
        double.IsNaN(share) ? "–" : (100 * share).ToString(share is > 0.0995 and < 0.9905 ? "0.#" : "0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>A time as seconds or minutes.</summary>
    public static string Time(TimeSpan time) => time.TotalSeconds < 60
        ? time.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture) + " s"
        : $"{(int)time.TotalMinutes} min {time.Seconds} s";
}
