namespace ProbML.Sharding;

/// <summary>How shards are asked.</summary>
public sealed record ShardingOptions
{
    /// <summary>How long a shard may take over an answer; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: as long as it likes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a shard is asked the same question before the fit gives up: it may have been restarted, or moved.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>How long to wait after a failed attempt; after each further one twice as long.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many shards are asked at a time; null: all.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Whether two shards may hold the same rows. If not, that is a mistake: every row would count twice.</summary>
    public bool AllowDuplicates { get; init; }

    internal void Validate()
    {
        Check(Timeout > TimeSpan.Zero || Timeout == System.Threading.Timeout.InfiniteTimeSpan, nameof(Timeout), Timeout);
        Check(Attempts >= 1, nameof(Attempts), Attempts);
        Check(RetryDelay >= TimeSpan.Zero, nameof(RetryDelay), RetryDelay);
        Check(Concurrency is null or >= 1, nameof(Concurrency), Concurrency);
    }

    private static void Check(bool holds, string name, object? value)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be above 0.");
    }
}
