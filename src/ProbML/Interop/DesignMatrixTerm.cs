using System.Collections.ObjectModel;

namespace ProbML;

/// <summary>Which level of a categorical term has no slot of its own: what the other levels are compared with.</summary>
public readonly record struct Baseline
{
    private Baseline(bool isNone, string? level) => (IsNone, Level) = (isNone, level);

    /// <summary>The first level, as in R's treatment contrasts. The default.</summary>
    public static Baseline First => default;

    /// <summary>No level is left out: one slot for each.</summary>
    public static Baseline None => new(isNone: true, null);

    /// <summary>Whether no level is left out.</summary>
    public bool IsNone { get; }

    /// <summary>The level left out; null: the first, or none (<see cref="IsNone"/>).</summary>
    public string? Level { get; }

    /// <summary>Leaves out <paramref name="level"/>.</summary>
    public static Baseline Of(string level)
    {
        ArgumentNullException.ThrowIfNull(level);
        return new(isNone: false, level);
    }

    /// <inheritdoc/>
    public override string ToString() => IsNone ? "none" : Level ?? "the first level";

    /// <summary>The place of <paramref name="baseline"/> among <paramref name="levels"/>; −1: none.</summary>
    internal static int IndexAmong(IReadOnlyList<string> levels, Baseline baseline, string column)
    {
        if (baseline.IsNone)
            return -1;
        if (baseline.Level is null)
            return 0;
        for (int i = 0; i < levels.Count; i++)
        {
            if (string.Equals(levels[i], baseline.Level, StringComparison.Ordinal))
                return i;
        }
        string shown = string.Join(", ", levels.Take(20).Select(level => $"'{level}'"));
        throw new ArgumentOutOfRangeException(
            nameof(baseline),
            baseline.Level,
            $"The baseline '{baseline.Level}' is not a level of '{column}', whose levels are {shown}"
                + (levels.Count > 20 ? $" and {levels.Count - 20} more." : "."));
    }
}

/// <summary>A column as it enters a design matrix: a number as it stands, one 0/1 slot for each level but the baseline, or a level's number.</summary>
public sealed class DesignTerm
{
    private DesignTerm(string column, bool isCategorical, IReadOnlyList<string>? levels, Baseline baseline, bool isCode = false)
    {
        IsCode = isCode;
        Column = column;
        IsCategorical = isCategorical;
        Levels = levels;
        Baseline = baseline;
    }

    /// <summary>The name of the input column.</summary>
    public string Column { get; }

    /// <summary>Whether the column's values are levels rather than amounts.</summary>
    public bool IsCategorical { get; }

    /// <summary>Whether one slot holds the number of the level, from 0.</summary>
    public bool IsCode { get; }

    /// <summary>The levels in the order of their slots, or of their numbers; null: numeric, or learned from the data.</summary>
    public IReadOnlyList<string>? Levels { get; }

    /// <summary>The level without a slot. Numeric terms have none.</summary>
    public Baseline Baseline { get; }

    /// <summary>The values of a column of numbers or Booleans (1 for true), or of a vector of numbers, as they stand.</summary>
    /// <exception cref="ArgumentException"><paramref name="column"/> is blank.</exception>
    public static DesignTerm Numeric(string column)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        return new(column, isCategorical: false, null, Baseline.None);
    }

    /// <summary>Treatment (dummy) coding of a column of text, Booleans, whole numbers or keys: R's contr.treatment.</summary>
    /// <param name="column">The name of the column.</param>
    /// <param name="levels">The levels in order; null: those in the data, text in ordinal order, numbers and keys by size.</param>
    /// <param name="baseline">The level without a slot: the first unless given.</param>
    /// <exception cref="ArgumentException"><paramref name="column"/> is blank, or a level is empty, null or given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The baseline is not among the levels.</exception>
    public static DesignTerm Categorical(
        string column, IReadOnlyList<string>? levels = null, Baseline baseline = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        var known = Known(column, levels);
        if (known is not null)
            Baseline.IndexAmong(known, baseline, column);
        return new(column, isCategorical: true, known, baseline);
    }

    /// <summary>The number of a column's level, from 0, in one slot: a name for kernels of several outputs, not an amount.</summary>
    /// <remarks>A missing level, and one that was not seen in training, are NaN.</remarks>
    /// <param name="column">The name of the column.</param>
    /// <param name="levels">The levels in order; null: those in the data, text in ordinal order, numbers and keys by size.</param>
    /// <exception cref="ArgumentException"><paramref name="column"/> is blank, or a level is empty, null or given twice.</exception>
    public static DesignTerm Code(string column, IReadOnlyList<string>? levels = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        return new(column, isCategorical: true, Known(column, levels), Baseline.None, isCode: true);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(IsCode ? "code" : IsCategorical ? "categorical" : "numeric")} '{Column}'";

    private static ReadOnlyCollection<string>? Known(string column, IReadOnlyList<string>? levels)
    {
        if (levels is null)
            return null;
        string[] copy = [.. levels];
        if (copy.Length == 0)
            throw new ArgumentException($"The levels of '{column}' are empty. Name at least one.", nameof(levels));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string level in copy)
        {
            if (string.IsNullOrEmpty(level))
                throw new ArgumentException($"A level of '{column}' is empty, which means missing.", nameof(levels));
            if (!seen.Add(level))
                throw new ArgumentException($"The level '{level}' of '{column}' is given twice.", nameof(levels));
        }
        return Array.AsReadOnly(copy);
    }
}
