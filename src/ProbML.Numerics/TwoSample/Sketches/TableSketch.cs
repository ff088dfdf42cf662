namespace ProbML.TwoSample;

/// <summary>What is kept of a table, small whatever its rows: enough to say whether another table has the same distribution.</summary>
/// <remarks>
/// Of all rows: counts, missing values, least and largest, mean and variance, the levels' counts, all without rounding. And k rows, drawn
/// uniformly without replacement: those whose random numbers, fixed by source, row number and seed, are the least (a bottom-k sketch: Cohen &amp;
/// Kaplan 2007; Vitter 1985). The least k of a union are the least k of both's least k, so <see cref="Merge"/> is associative and commutative to
/// the last bit: in any order, tree and split of the sources the same bytes. Of independent rows the distribution function of those drawn is
/// nowhere further than √(ln(2/δ)/(2k)) from the true one with probability 1 − δ (Dvoretzky–Kiefer–Wolfowitz; Massart 1990): 0.0136 for
/// k = 10,000 and δ = 5 %. Immutable.
/// </remarks>
public sealed class TableSketch
{
    private readonly NumberTally[] numbers;
    private readonly LevelSummary[] levels;
    private readonly int[] places;                         // of each column among those of its kind

    internal TableSketch(
        SketchColumn[] columns, TableSketchOptions options, SourceRows[] sources, NumberTally[] numbers, LevelSummary[] levels, SampledRow[] sample)
    {
        (Columns, Options, SourceRows, this.numbers, this.levels, Sample) = (columns, options, sources, numbers, levels, sample);
        int[] next = new int[2];
        places = [.. columns.Select(column => next[column.IsLevels ? 1 : 0]++)];
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<SketchColumn> Columns { get; }

    /// <summary>What is kept.</summary>
    public TableSketchOptions Options { get; }

    /// <summary>The rows it is of.</summary>
    public long Rows => SourceRows.Sum(source => source.Rows);

    /// <summary>The rows that were drawn, at most k.</summary>
    public int SampledRows => Sample.Length;

    /// <summary>Which rows it is of, by name and number.</summary>
    public IReadOnlyList<SketchSource> Sources => [.. SourceRows.Select(rows => new SketchSource(rows.Name, rows.FirstRow, rows.Rows))];

    internal SourceRows[] SourceRows { get; }

    /// <summary>Ordered by priority.</summary>
    internal SampledRow[] Sample { get; }

    /// <summary>A column of numbers, over all rows.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public NumberSummary Numbers(string column) => Tally(column).Summary();

    /// <summary>A column of levels, over all rows.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public LevelSummary Levels(string column) => levels[Place(column, areLevels: true)];

    /// <summary>A column's numbers in the rows drawn, NaN where missing, ordered by source and row.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public double[] SampledNumbers(string column)
    {
        int place = Place(column, areLevels: false);
        return [.. Sample.Order(SampledRow.ByPlace).Select(row => row.Numbers[place])];
    }

    /// <summary>A column's levels in the rows drawn, null where missing, ordered by source and row.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public string?[] SampledLevels(string column)
    {
        int place = Place(column, areLevels: true);
        return [.. Sample.Order(SampledRow.ByPlace).Select(row => row.Levels[place])];
    }

    /// <summary>The sketch of both's rows; neither changes.</summary>
    /// <param name="other">A sketch of other rows.</param>
    /// <param name="allowDuplicates">Whether two sources may hold the same rows.</param>
    /// <exception cref="ArgumentException">
    /// Columns or options differ, rows of one source are in both, or two sources hold the same rows; the message names them.
    /// </exception>
    public TableSketch Merge(TableSketch other, bool allowDuplicates = false)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (SketchColumn.Differences(Columns, other.Columns) is { Count: > 0 } differences)
            throw new ArgumentException($"The sketches are of different columns: {string.Join("; ", differences)}.", nameof(other));
        if (!Columns.SequenceEqual(other.Columns))
            throw new ArgumentException(
                $"The sketches have their columns in different orders: '{string.Join("', '", Columns.Select(one => one.Name))}' and "
                + $"'{string.Join("', '", other.Columns.Select(one => one.Name))}'. Name them in one order.",
                nameof(other));
        if (Options != other.Options)
            throw new ArgumentException($"The sketches keep different things: {Options} and {other.Options}. Make both with the same options.", nameof(other));
        return new(
            [.. Columns],
            Options,
            TwoSample.SourceRows.Merge(SourceRows, other.SourceRows, allowDuplicates),
            [.. numbers.Zip(other.numbers, (one, two) => one.Merge(two))],
            [.. levels.Zip(other.levels, (one, two) => one.Merge(two, Options.MaximumLevels))],
            SampledRow.Least(Sample.Concat(other.Sample), Options.SampleRows));
    }

    /// <summary>The sketch as bytes, versioned and guarded by a hash: equal sketches have equal bytes.</summary>
    public byte[] ToBytes() => TableSketchFormat.Write(this, numbers, levels);

    /// <summary>Whether bytes begin as a sketch's do.</summary>
    public static bool IsSketch(ReadOnlySpan<byte> bytes) => TableSketchFormat.IsMarked(bytes);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are no sketch, damaged, or of a later version; the message says which.</exception>
    public static TableSketch Read(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return TableSketchFormat.Read(bytes);
    }

    internal NumberTally Tally(string column) => numbers[Place(column, areLevels: false)];

    internal int Place(string column, bool areLevels)
    {
        for (int i = 0; i < Columns.Count; i++)
            if (Columns[i].Name == column && Columns[i].IsLevels == areLevels)
                return places[i];
        throw new ArgumentException(
            $"The sketch has no column '{column}' of {(areLevels ? "levels" : "numbers")}. It has '{string.Join("', '", Columns.Select(one => one.Name))}'.",
            nameof(column));
    }
}
