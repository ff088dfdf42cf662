using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML.TwoSample;

namespace ProbML;

/// <summary>Sketches of data views, and two of them compared as the rows themselves would be.</summary>
internal static class DriftSketches
{
    private const int RowsBetweenChecks = 4096;

    /// <summary>Sketches the rows in one pass.</summary>
    /// <exception cref="ArgumentException">A column is absent or cannot be sketched, or there is none.</exception>
    public static TableSketch Read(IHost host, IDataView data, string source, DriftSketchOptions options, TrainingMonitor monitor)
    {
        var columns = Columns(host, data.Schema, options);
        var builder = new TableSketchBuilder(
            [.. columns.SelectMany(column => DriftColumn.SlotsOf(column).Select(slot => new SketchColumn(slot, DriftColumn.IsLevel(column.Type))))],
            source,
            options.Sketch,
            options.FirstRow);
        using var cursor = data.GetRowCursor(columns);
        var levels = columns.Where(column => DriftColumn.IsLevel(column.Type))
            .Select(column => LevelColumn.Of(column)!.Namer(cursor)).ToArray();
        var readers = new List<Action<double[]>>();
        int width = 0;
        foreach (var column in columns.Where(column => !DriftColumn.IsLevel(column.Type)))
        {
            int at = width, count = (column.Type as VectorDataViewType)?.Size ?? 1;
            readers.Add(Reader(cursor, column, at, count));
            width += count;
        }
        var numbers = new double[width];
        var texts = new ReadOnlyMemory<char>[levels.Length];
        while (cursor.MoveNext())
        {
            foreach (var reader in readers)
                reader(numbers);
            for (int j = 0; j < texts.Length; j++)
                texts[j] = levels[j]();
            builder.Add(numbers, texts);
            if (builder.Rows % RowsBetweenChecks == 0)
                monitor.ThrowIfCancelled();
        }
        return builder.Build();
    }

    /// <summary>Compares two sketches: what all rows say where it is known, and else the rows drawn.</summary>
    /// <exception cref="ArgumentException">Their columns differ; the message names each.</exception>
    /// <exception cref="InvalidOperationException">One has fewer than four rows.</exception>
    public static DriftReport Compare(IHost host, TableSketch reference, TableSketch current, DriftOptions options, TrainingMonitor monitor)
    {
        Func<SketchColumn, bool> isWanted = column => options.Columns?.Contains(column.Name) != false && !options.Ignore.Contains(column.Name);
        SketchColumn[] before = [.. reference.Columns.Where(isWanted)], now = [.. current.Columns.Where(isWanted)];
        List<string> differences =
        [
            .. SketchColumn.Differences(before, now, "the reference", "the current sketch"),
            .. (options.Columns ?? []).Except(before.Concat(now).Select(column => column.Name)).Except(options.Ignore)
                .Select(name => $"'{name}' is in neither sketch"),
        ];
        if (differences.Count > 0)
            throw host.ExceptParam(
                nameof(current),
                $"The sketches have different columns: {string.Join("; ", differences)}. Name those to compare in Columns, or to leave out in Ignore.");
        if (before.Length == 0)
            throw host.ExceptParam(nameof(current), "No column is left to compare.");
        var counts = before.Where(column => column.IsLevels)
            .ToDictionary(column => column.Name, column => SketchCounts.Of(column.Name, reference, current));
        DriftColumn[] columns =
        [
            .. before.Select(column => new DriftColumn(
                column.Name, [column.Name], counts.GetValueOrDefault(column.Name)?.Levels, column.IsLevels ? "levels" : "number")),
        ];
        return DriftDetection.Run(
            columns,
            Sample(columns, reference, one => one.Reference),
            Sample(columns, current, one => one.Current),
            options,
            monitor);

        DriftSample Sample(DriftColumn[] all, TableSketch sketch, Func<SketchCounts, double[]> countsOf)
        {
            SampledRow[] rows = [.. sketch.Sample.Take(options.MaximumRows).Order(SampledRow.ByPlace)];
            var values = new double[rows.Length * all.Length];
            for (int j = 0; j < all.Length; j++)
            {
                int place = sketch.Place(all[j].Name, all[j].Levels is not null);
                var levels = all[j].Levels?.Select((level, k) => (level, k)).ToDictionary(StringComparer.Ordinal);
                for (int i = 0; i < rows.Length; i++)
                    values[i * all.Length + j] = levels is null ? rows[i].Numbers[place]
                        : rows[i].Levels[place] is { } text ? levels[text] : double.NaN;
            }
            return new(values, [.. rows.Select(row => row.Row)], sketch.Rows)
            {
                Sources = sketch.Sources.DistinctBy(source => source.Name).Skip(1).Any() ? [.. rows.Select(row => row.Source)] : null,
                Totals = [.. all.Select(column => counts.TryGetValue(column.Name, out var one)
                    ? new DriftTotals(one.AreOfAllRows ? countsOf(one) : null, 0, null)
                    : Totals(sketch.Numbers(column.Name)))],
            };
        }

        static DriftTotals Totals(NumberSummary numbers) => new(null, numbers.Missing, numbers.Count == 0 ? null : numbers.Mean);
    }

    private static Action<double[]> Reader(DataViewRow row, DataViewSchema.Column column, int at, int count)
    {
        if (column.Type is VectorDataViewType)
        {
            var vector = FeatureReader.Create(row, column);
            return values => vector.Read(values.AsSpan(at, count));
        }
        var number = NumberGetter.Create(row, column);
        return values => values[at] = number();
    }

    private static DataViewSchema.Column[] Columns(IHost host, DataViewSchema schema, DriftSketchOptions options)
    {
        var columns = new List<DataViewSchema.Column>();
        string[] names = options.Columns is { } wanted
            ? [.. wanted]
            : [.. schema.Where(column => !column.IsHidden && DriftColumn.CanCompare(column.Type)).Select(column => column.Name)];
        foreach (string name in names.Except(options.Ignore))
        {
            if (schema.GetColumnOrNull(name) is not { } column)
                throw host.ExceptParam(nameof(options), $"There is no column '{name}'. There are '{string.Join("', '", schema.Select(one => one.Name))}'.");
            if (!DriftColumn.CanCompare(column.Type))
                throw host.ExceptParam(
                    nameof(options), $"'{name}' is {column.Type}; numbers, Booleans, text, keys and vectors of numbers of known size can be sketched.");
            columns.Add(column);
        }
        return columns.Count > 0
            ? [.. columns]
            : throw host.ExceptParam(
                nameof(options), "No column can be sketched: give numbers, Booleans, text, keys or vectors of numbers of known size.");
    }
}
