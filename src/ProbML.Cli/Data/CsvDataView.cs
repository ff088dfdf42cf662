using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Cli;

/// <summary>How a column of a file becomes a column of a data view.</summary>
/// <param name="Name">The name of both.</param>
/// <param name="Type">Double, Text, or Boolean.</param>
/// <param name="Levels">The texts that occur, so that they are not made anew for each row.</param>
/// <param name="True">The text that is true, of a Boolean column.</param>
/// <param name="Keys">The texts that are keys, in order, of a column of keys.</param>
/// <param name="IsZero">Whether the column is in no file, and zero.</param>
/// <param name="IsFirstFile">Whether the column is in no file, and tells whether the row lies in the first.</param>
internal sealed record ViewColumn(
    string Name,
    DataViewType Type,
    IReadOnlyCollection<string>? Levels = null,
    string? True = null,
    IReadOnlyList<string>? Keys = null,
    bool IsZero = false,
    bool IsFirstFile = false)
{
    public static ViewColumn Number(string name) => new(name, NumberDataViewType.Double);

    public static ViewColumn Text(string name, IReadOnlyCollection<string> levels) =>
        new(name, TextDataViewType.Instance, levels);

    /// <summary>A column of zeros that is in no file.</summary>
    public static ViewColumn Zero(string name) => new(name, NumberDataViewType.Double, IsZero: true);

    /// <summary>A column that is in no file, and tells which of them a row lies in.</summary>
    public static ViewColumn FirstFile(string name) => new(name, BooleanDataViewType.Instance, IsFirstFile: true);

    /// <summary>Whether there are cells of it.</summary>
    public bool IsInFile => !IsZero && !IsFirstFile;

    public static ViewColumn Label(string name, string positive) =>
        new(name, BooleanDataViewType.Instance, True: positive);

    /// <summary>Classes in order.</summary>
    public static ViewColumn Classes(string name, IReadOnlyList<string> classes) =>
        new(name, new KeyDataViewType(typeof(uint), classes.Count), Keys: classes);

    /// <summary>What ML.NET is to know of the column: a key's values.</summary>
    public DataViewSchema.Annotations Annotations()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (Keys is { } keys)
        {
            ReadOnlyMemory<char>[] values = [.. keys.Select(key => key.AsMemory())];
            builder.Add(
                "KeyValues",
                new VectorDataViewType(TextDataViewType.Instance, values.Length),
                (ref VBuffer<ReadOnlyMemory<char>> buffer) => buffer = new(values.Length, values));
        }
        return builder.ToAnnotations();
    }
}

/// <summary>Columns of files as a data view: streamed, numbers in double precision, correctly rounded.</summary>
/// <param name="files">The files, one after another, which have been looked through once.</param>
/// <param name="columns">The columns, in the order of the schema.</param>
/// <param name="omitMissing">Whether rows with a missing value are left out; if not, they hold NaN or no text.</param>
internal sealed class CsvDataView(IReadOnlyList<CsvFile> files, IReadOnlyList<ViewColumn> columns, bool omitMissing) : IDataView
{
    private readonly IReadOnlyList<CsvFile> files = files;
    private readonly IReadOnlyList<ViewColumn> columns = columns;
    private readonly bool omitMissing = omitMissing;
    private readonly int[][] places = [.. files.Select(file => (int[])[.. columns.Select(column => column.IsInFile ? file.IndexOf(column.Name) : -1)])];

    /// <summary>Columns of one file.</summary>
    public CsvDataView(CsvFile file, IReadOnlyList<ViewColumn> columns, bool omitMissing)
        : this([file], columns, omitMissing)
    {
    }

    public DataViewSchema Schema { get; } = SchemaOf(columns);

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema SchemaOf(IReadOnlyList<ViewColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations());
        return builder.ToSchema();
    }

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly CsvDataView view;
        private CsvRows rows;
        private int[] places;
        private int file;
        private readonly bool[] active;
        private readonly Delegate?[] getters;
        private readonly ReadOnlyMemory<char>[] texts;
        private readonly double[] numbers;
        private readonly bool[] flags;
        private readonly uint[] keys;
        private readonly Func<int, bool>?[] readers;
        private long position = -1;

        public Cursor(CsvDataView view, IEnumerable<DataViewSchema.Column> needed)
        {
            this.view = view;
            int count = view.Schema.Count;
            (active, getters, readers) = (new bool[count], new Delegate?[count], new Func<int, bool>?[count]);
            (texts, numbers, flags, keys) = (new ReadOnlyMemory<char>[count], new double[count], new bool[count], new uint[count]);
            foreach (var column in needed)
                active[column.Index] = true;
            for (int i = 0; i < count; i++)
                Prepare(i);
            (rows, places) = (view.files[0].Read(), view.places[0]);
        }

        public override DataViewSchema Schema => view.Schema;

        public override long Position => position;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override bool MoveNext()
        {
            while (rows.MoveNext() || NextFile())
            {
                bool complete = true;
                for (int i = 0; i < readers.Length; i++)
                    complete &= readers[i]?.Invoke(i) ?? true;
                if (complete || !view.omitMissing)
                {
                    position++;
                    return true;
                }
            }
            return false;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            getters[column.Index] as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' of type {column.Type} is not active.");

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId value) => value = new((ulong)position, 0);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rows.Dispose();
            base.Dispose(disposing);
        }

        /// <summary>Goes on with the first row of the next file that has one.</summary>
        private bool NextFile()
        {
            while (file + 1 < view.files.Count)
            {
                rows.Dispose();
                (rows, places) = (view.files[++file].Read(), view.places[file]);
                if (rows.MoveNext())
                    return true;
            }
            return false;
        }

        /// <summary>A column that nobody reads is still looked at where rows without its value are left out.</summary>
        private void Prepare(int i)
        {
            var column = view.columns[i];
            if (column.Type is NumberDataViewType)
            {
                getters[i] = active[i] ? (ValueGetter<double>)((ref double value) => value = numbers[i]) : null;
                readers[i] = column.IsZero ? null : ReadNumber;
            }
            else if (column.IsFirstFile)
            {
                getters[i] = active[i] ? (ValueGetter<bool>)((ref bool value) => value = file == 0) : null;
            }
            else if (column.Type is BooleanDataViewType)
            {
                getters[i] = active[i] ? (ValueGetter<bool>)((ref bool value) => value = flags[i]) : null;
                readers[i] = k => ReadFlag(k, column.True!);
            }
            else if (column.Keys is { } values)
            {
                getters[i] = active[i] ? (ValueGetter<uint>)((ref uint value) => value = keys[i]) : null;
                readers[i] = k => ReadKey(k, values);
            }
            else
            {
                var known = new Dictionary<string, string>(StringComparer.Ordinal);
                foreach (string level in column.Levels ?? [])
                    known[level] = level;
                var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
                getters[i] = active[i]
                    ? (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = texts[i])
                    : null;
                readers[i] = k => ReadText(k, lookup);
            }
            if (!active[i] && column.IsInFile)
                readers[i] = view.omitMissing ? k => !Cell.IsMissing(rows![places![k]]) : null;
        }

        private bool ReadNumber(int i)
        {
            var text = rows[places[i]];
            bool missing = Cell.IsMissing(text);
            numbers[i] = double.NaN;
            if (!missing && !Cell.TryNumber(text, out numbers[i]))
                throw rows.Wrong(places[i], Cell.NotANumber(text));
            return !missing;
        }

        private bool ReadFlag(int i, string positive)
        {
            var text = rows[places[i]];
            flags[i] = text.SequenceEqual(positive);
            return !Cell.IsMissing(text);
        }

        private bool ReadKey(int i, IReadOnlyList<string> values)
        {
            keys[i] = (uint)(values.PlaceOf(rows[places[i]]) + 1);
            return keys[i] > 0;
        }

        private bool ReadText(int i, Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> known)
        {
            var text = rows[places[i]];
            bool missing = Cell.IsMissing(text);
            texts[i] = missing ? default
                : known.TryGetValue(text, out string? level) ? level.AsMemory() : text.ToString().AsMemory();
            return !missing;
        }
    }
}
