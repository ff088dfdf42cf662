using System.Globalization;

namespace ProbML.Cli;

/// <summary>How much of a long work is done, and how long the rest should take at the pace so far.</summary>
internal static class ProgressBar
{
    private const int Cells = 24;

    /// <summary>"[######------------------]  25 %, 1:30 left"; no time while next to nothing is done.</summary>
    /// <param name="done">The share that is done.</param>
    /// <param name="elapsed">The time it took.</param>
    public static string Of(double done, TimeSpan elapsed)
    {
        double share = double.IsNaN(done) ? 0 : Math.Clamp(done, 0, 1);
        int full = (int)Math.Floor(share * Cells);
        string bar = string.Create(CultureInfo.InvariantCulture, $"[{new string('#', full)}{new string('-', Cells - full)}] {Math.Floor(100 * share),3:F0} %");
        if (share < 0.01 || share >= 1)
            return bar;
        var left = TimeSpan.FromSeconds(Math.Ceiling(elapsed.TotalSeconds * (1 - share) / share));
        return $"{bar}, {left.ToString(left.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture)} left";
    }
}
