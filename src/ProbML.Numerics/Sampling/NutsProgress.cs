using System.Diagnostics;

namespace ProbML;

/// <summary>Counts the transitions of all chains together, and tells of each, one after another.</summary>
/// <param name="monitor">Who is told.</param>
/// <param name="total">The transitions of all chains, those of the warm-up included.</param>
internal sealed class NutsProgress(TrainingMonitor monitor, long total)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Lock telling = new();
    private long completed;

    /// <summary>Stops a chain where the fit is cancelled.</summary>
    /// <exception cref="OperationCanceledException">It is.</exception>
    public void ThrowIfCancelled() => monitor.ThrowIfCancelled();

    /// <summary>A chain has made a transition.</summary>
    /// <param name="logDensity">The log density where it has come to.</param>
    public void Advance(double logDensity)
    {
        if (monitor.Progress is null)
            return;
        lock (telling)
        {
            completed++;
            monitor.Report(new("NUTS", (int)Math.Min(int.MaxValue, completed), -logDensity, 0, watch.Elapsed)
            {
                Completed = completed,
                Total = total,
            });
        }
    }
}
