using ProbML.DensityRatios;

namespace ProbML.TwoSample;

/// <summary>Takes in the rows of one source, one after the other, in memory that does not grow with them. Not for several threads.</summary>
public sealed class TableSketchBuilder
{
    private readonly SketchColumn[] columns;
    private readonly string source;
    private readonly long firstRow;
    private readonly TableSketchOptions options;
    private readonly NumberCounter[] numbers;
    private readonly LevelCounter[] levels;
    private readonly PriorityQueue<SampledRow, SampledRow> sample;
    private readonly double[] values;
    private readonly ulong start;
    private ulong low, high;

    /// <summary>A sketch of no rows yet.</summary>
    /// <param name="columns">The columns, each of a name of its own.</param>
    /// <param name="source">What these rows are called, such as their file: the same rows must not be taken in twice.</param>
    /// <param name="options">What is kept; null: the defaults.</param>
    /// <param name="firstRow">The number of the first row, if these are part of a source: one-based.</param>
    /// <exception cref="ArgumentException">There is no column, or two have one name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public TableSketchBuilder(IReadOnlyList<SketchColumn> columns, string source, TableSketchOptions? options = null, long firstRow = 1)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstRow, 1);
        this.options = options ?? new();
        this.options.Validate();
        if (columns.Count == 0)
            throw new ArgumentException("A sketch needs a column.", nameof(columns));
        if (columns.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"There are {twice.Count()} columns named '{twice.Key}'. Rename them.", nameof(columns));
        (this.columns, this.source, this.firstRow) = ([.. columns], source, firstRow);
        numbers = [.. columns.Where(column => !column.IsLevels).Select(_ => new NumberCounter())];
        levels = [.. columns.Where(column => column.IsLevels).Select(_ => new LevelCounter(this.options.MaximumLevels))];
        values = new double[numbers.Length];
        sample = new(Comparer<SampledRow>.Create((x, y) => SampledRow.ByPriority.Compare(y, x)));
        start = SourceRows.Hash(source, this.options.Seed);
    }

    /// <summary>The rows taken in.</summary>
    public long Rows { get; private set; }

    /// <summary>Takes a row in.</summary>
    /// <param name="numbers">The values of the columns of numbers, in their order; what is not finite is missing.</param>
    /// <param name="levels">The values of the columns of levels, in their order; an empty one is missing.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than columns; nothing is taken in.</exception>
    public void Add(ReadOnlySpan<double> numbers, ReadOnlySpan<ReadOnlyMemory<char>> levels)
    {
        if (numbers.Length != this.numbers.Length || levels.Length != this.levels.Length)
            throw new ArgumentException(
                $"Row {firstRow + Rows} of '{source}' has {numbers.Length} numbers and {levels.Length} levels; the sketch has {this.numbers.Length} and "
                + $"{this.levels.Length} such columns.");
        ulong hash = 1;
        for (int j = 0; j < values.Length; j++)
        {
            values[j] = this.numbers[j].Add(numbers[j]);
            hash = RowDealer.Mix(hash ^ BitConverter.DoubleToUInt64Bits(values[j]));
        }
        for (int j = 0; j < levels.Length; j++)
            hash = RowDealer.Mix(hash ^ this.levels[j].Add(levels[j].Span));
        unchecked
        {
            low += RowDealer.Mix(hash + 1);
            high += RowDealer.Mix(~hash);
        }
        long row = firstRow + Rows++;
        ulong priority = SourceRows.Priority(start, row);
        if (sample.Count == options.SampleRows && priority > sample.Peek().Priority)
            return;
        var texts = new string?[levels.Length];
        for (int j = 0; j < texts.Length; j++)
            texts[j] = this.levels[j].Keep(levels[j].Span);
        SampledRow drawn = new(priority, source, row, [.. values], texts);
        if (sample.Count < options.SampleRows)
            sample.Enqueue(drawn, drawn);
        else
            sample.EnqueueDequeue(drawn, drawn);
    }

    /// <summary>The sketch of the rows so far; more can be added afterwards, to another sketch.</summary>
    public TableSketch Build() => new(
        columns,
        options,
        Rows > 0 ? [new(source, firstRow, Rows, low, high)] : [],
        [.. numbers.Select(counter => counter.Tally())],
        [.. levels.Select(counter => counter.Summary())],
        SampledRow.Least(sample.UnorderedItems.Select(item => item.Element), options.SampleRows));
}
