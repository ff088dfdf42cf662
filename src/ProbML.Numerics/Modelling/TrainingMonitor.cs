namespace ProbML;

/// <summary>Where a fit stands.</summary>
/// <param name="Stage">What is being done, such as "IRLS".</param>
/// <param name="Iteration">The iteration that ended, from 1.</param>
/// <param name="Objective">What is being minimised, after that iteration (for a GLM half the penalised deviance); NaN where it is not computed.</param>
/// <param name="Rows">The rows read so far, over all passes.</param>
/// <param name="Elapsed">The time since the fit began.</param>
public readonly record struct TrainingProgress(
    string Stage, int Iteration, double Objective, long Rows, TimeSpan Elapsed)
{
    /// <summary>The parts of the objective by name (for a VAE its ELBO's), validation included; empty where it has none.</summary>
    public IReadOnlyDictionary<string, double> Terms
    {
        get => field ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, double>.Empty;
        init;
    }

    /// <summary>The units of work that are behind, of <see cref="Total"/>: draws of all chains, steps of a training, penalties of a path.</summary>
    public long Completed { get; init; }

    /// <summary>The units of work in all, or at most where a fit may end early; null where the end is not known, as of Newton's method.</summary>
    public long? Total { get; init; }

    /// <summary>Completed / Total, in [0, 1]; null where the end is not known.</summary>
    public double? Share => Total is > 0 and long total ? Math.Clamp((double)Completed / total, 0, 1) : null;

    /// <summary>Elapsed (1 − Share) / Share, the time left at the pace so far; null where the end is not known or nothing is done yet.</summary>
    public TimeSpan? Remaining => Share is > 0 and double share ? Elapsed * ((1 - share) / share) : null;

    /// <summary>Rows read a second, since the fit began.</summary>
    public double RowsPerSecond => Elapsed > TimeSpan.Zero ? Rows / Elapsed.TotalSeconds : 0;
}

/// <summary>How a fit and its surroundings talk: progress, cancellation, messages, and the seed of its randomness.</summary>
/// <remarks>A user sets <see cref="Progress"/> and <see cref="Cancellation"/>; ML.NET's side is joined by the trainer.</remarks>
public sealed record TrainingMonitor
{
    /// <summary>A monitor that hears nothing and never cancels.</summary>
    public static TrainingMonitor None { get; } = new();

    /// <summary>Told after each iteration.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Ends the fit with <see cref="OperationCanceledException"/>; nothing of it remains.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Told what a fit wants known once it has ended well.</summary>
    public Action<string>? Information { get; init; }

    /// <summary>Told what a user should look at: rows left out, no convergence, separation.</summary>
    public Action<string>? Warning { get; init; }

    /// <summary>Throws when the host of the fit has been cancelled; asked wherever <see cref="Cancellation"/> is.</summary>
    public Action? CheckAlive { get; init; }

    /// <summary>The seed for components whose options give none; null: they choose a fixed one.</summary>
    public int? Seed { get; init; }

    /// <summary>The GPU that the host wants used, as <c>MLContext.GpuDeviceId</c>; null: it has no wish.</summary>
    public int? GpuDeviceId { get; init; }

    /// <summary>Whether the CPU may stand in for that GPU where it is absent, as <c>MLContext.FallbackToCpu</c>.</summary>
    public bool FallbackToCpu { get; init; } = true;

    /// <summary>Announces an iteration, and stops here if the fit is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The fit is cancelled.</exception>
    public void Report(in TrainingProgress progress)
    {
        ThrowIfCancelled();
        Progress?.Report(progress);
    }

    /// <summary>Stops here if the fit is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The fit is cancelled.</exception>
    public void ThrowIfCancelled()
    {
        Cancellation.ThrowIfCancellationRequested();
        CheckAlive?.Invoke();
    }

    /// <summary>The randomness of one fit: from the options' seed, else this monitor's, else a fixed one.</summary>
    public Random CreateRandom(int? seed = null) => new(seed ?? Seed ?? 1);
}
