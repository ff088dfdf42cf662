namespace ProbML.Studio;

/// <summary>What one user, and all of them together, may ask of the machine.</summary>
internal sealed record StudioOptions
{
    /// <summary>The largest file taken, in bytes.</summary>
    public long MaximumFileBytes { get; init; } = 32 << 20;

    /// <summary>The most rows of a file.</summary>
    public int MaximumRows { get; init; } = 200_000;

    /// <summary>The most columns of a file.</summary>
    public int MaximumColumns { get; init; } = 500;

    /// <summary>The longest text of a cell, in characters.</summary>
    public int MaximumFieldLength { get; init; } = 10_000;

    /// <summary>The most sessions at a time; a further upload is refused.</summary>
    public int MaximumSessions { get; init; } = 64;

    /// <summary>How long a session that nobody uses keeps its data.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many trainings go on at a time.</summary>
    public int MaximumTrainings { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>How many may wait for their turn; a further one is refused.</summary>
    public int MaximumWaiting { get; init; } = 16;

    /// <summary>How many trainings a session keeps; the oldest goes first.</summary>
    public int MaximumRuns { get; init; } = 5;

    /// <summary>How long one model may train.</summary>
    public TimeSpan TrainingTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Where uploaded files lie, each session's in a folder of its own, until it ends.</summary>
    public string Folder { get; init; } = Path.Combine(Path.GetTempPath(), "probml-studio");

    /// <exception cref="ArgumentOutOfRangeException">A limit is not positive.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaximumFileBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaximumRows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaximumColumns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaximumFieldLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaximumSessions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaximumTrainings);
        ArgumentOutOfRangeException.ThrowIfNegative(MaximumWaiting);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaximumRuns);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SessionLifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TrainingTime, TimeSpan.Zero);
        ArgumentException.ThrowIfNullOrWhiteSpace(Folder);
    }
}
