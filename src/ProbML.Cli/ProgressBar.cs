using System.Globalization;

namespace ProbML.Cli;

/// <summary>How much of a long work is done, how long it took, and how long the rest should take at the pace so far.</summary>
internal static class ProgressBar
{
    private const int Cells = 24;

    /// <summary>"[######------------------]  25 %, 0:30 passed, 1:30 left, Epoch 3: -ELBO 12.5"; no bar where the end is not known.</summary>
    /// <param name="progress">Where the work stands.</param>
    /// <param name="objective">What its objective is called.</param>
    public static string Of(in TrainingProgress progress, string objective)
    {
        var parts = new List<string>();
        if (progress.Share is double share)
        {
            int full = (int)Math.Floor(share * Cells);
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"[{new string('#', full)}{new string('-', Cells - full)}] {Math.Floor(100 * share),3:F0} %"));
        }
        if (progress.Elapsed > TimeSpan.Zero)
            parts.Add($"{Clock(progress.Elapsed)} passed");
        if (progress.Share is >= 0.01 and < 1 && progress.Remaining is { } left)
            parts.Add($"{Clock(left)} left");
        string stage = string.Create(CultureInfo.InvariantCulture, $"{progress.Stage} {progress.Iteration:N0}");
        parts.Add(double.IsNaN(progress.Objective)
            ? stage
            : string.Create(CultureInfo.InvariantCulture, $"{stage}: {objective} {progress.Objective:G8}"));
        if (progress.Rows > 0 && progress.Elapsed > TimeSpan.Zero)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{progress.RowsPerSecond:N0} rows/s"));
        return string.Join(", ", parts);
    }

    /// <summary>Whole seconds, those begun included.</summary>
    private static string Clock(TimeSpan time)
    {
        var seconds = TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds));
        string minutes = seconds.ToString(@"mm\:ss", CultureInfo.InvariantCulture);
        return seconds.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds.TotalHours):F0}:{minutes}")
            : seconds.ToString(@"m\:ss", CultureInfo.InvariantCulture);
    }
}
