namespace ProbML.TwoSample;

/// <summary>What the levels of a column are, over all its rows.</summary>
/// <param name="Count">The rows that have one.</param>
/// <param name="Missing">The rows that have none.</param>
/// <param name="Counts">How often each occurs; null: there are more than <see cref="TableSketchOptions.MaximumLevels"/>, and none is counted.</param>
public sealed record LevelSummary(long Count, long Missing, IReadOnlyDictionary<string, long>? Counts);

/// <summary>The same, to be added up.</summary>
internal static class LevelTally
{
    /// <summary>The counts of both; more levels than allowed: none, in whatever order and tree.</summary>
    public static LevelSummary Merge(this LevelSummary one, LevelSummary other, int most)
    {
        long count = one.Count + other.Count, missing = one.Missing + other.Missing;
        if (one.Counts is null || other.Counts is null)
            return new(count, missing, null);
        var counts = new Dictionary<string, long>(one.Counts, StringComparer.Ordinal);
        foreach (var (level, times) in other.Counts)
            counts[level] = counts.GetValueOrDefault(level) + times;
        return new(count, missing, counts.Count <= most ? counts : null);
    }

    public static void Write(this LevelSummary summary, BinaryWriter writer)
    {
        writer.Write(summary.Count);
        writer.Write(summary.Missing);
        writer.Write(summary.Counts?.Count ?? -1);
        foreach (var (level, times) in summary.Counts?.OrderBy(one => one.Key, StringComparer.Ordinal) ?? Enumerable.Empty<KeyValuePair<string, long>>())
        {
            writer.Write(level);
            writer.Write7BitEncodedInt64(times);
        }
    }

    public static LevelSummary Read(BinaryReader reader, int most)
    {
        long count = reader.ReadInt64(), missing = reader.ReadInt64(), sum = 0;
        int levels = reader.ReadInt32();
        if (count < 0 || missing < 0 || levels < -1 || levels > most)
            throw new FormatException($"The sketch says that a column has {count} values, {missing} missing and {levels} levels: it is damaged.");
        if (levels < 0)
            return new(count, missing, null);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        for (int i = 0; i < levels; i++)
        {
            string level = reader.ReadString();
            long times = reader.Read7BitEncodedInt64();
            sum += times;
            if (times <= 0 || !counts.TryAdd(level, times))
                throw new FormatException($"The sketch counts the level '{level}' twice, or {times} times: it is damaged.");
        }
        return sum == count ? new(count, missing, counts) : throw new FormatException("The sketch's levels do not add up: it is damaged.");
    }
}

/// <summary>Gathers a <see cref="LevelSummary"/>.</summary>
internal sealed class LevelCounter(int most)
{
    private readonly Dictionary<string, Level> levels = new(StringComparer.Ordinal);
    private long count, missing;
    private bool areTooMany;

    /// <summary>Takes a level in, empty: missing; gives a hash of what it is.</summary>
    public ulong Add(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            missing++;
            return 0;
        }
        count++;
        var lookup = levels.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var level))
        {
            level.Count++;
            return level.Hash;
        }
        ulong hash = SourceRows.Hash(text, 0);
        if (levels.Count < most)
            lookup[text] = new(text.ToString(), hash) { Count = 1 };
        else
            areTooMany = true;
        return hash;
    }

    /// <summary>The level as a text that is kept; null: missing.</summary>
    public string? Keep(ReadOnlySpan<char> text) => text.IsEmpty ? null
        : levels.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var level) ? level.Text : text.ToString();

    public LevelSummary Summary() => new(
        count, missing, areTooMany ? null : levels.ToDictionary(one => one.Key, one => one.Value.Count, StringComparer.Ordinal));

    private sealed class Level(string text, ulong hash)
    {
        public string Text => text;

        public ulong Hash => hash;

        public long Count { get; set; }
    }
}
