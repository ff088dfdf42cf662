using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Studio;

/// <summary>Rows of a table as ML.NET sees them: numbers in double precision, levels as text, yes/no as Boolean.</summary>
/// <param name="columns">The columns in the order of the schema.</param>
/// <param name="rows">Which rows, in which order.</param>
/// <param name="stop">Ends reading with <see cref="OperationCanceledException"/>: so trainers that know no monitor end too.</param>
internal sealed class TableView(IReadOnlyList<ViewColumn> columns, int[] rows, CancellationToken stop = default) : IDataView
{
    private readonly IReadOnlyList<ViewColumn> columns = columns;
    private readonly int[] rows = rows;
    private readonly CancellationToken stop = stop;

    public DataViewSchema Schema { get; } = SchemaOf(columns);

    public bool CanShuffle => false;

    public long? GetRowCount() => rows.Length;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema SchemaOf(IReadOnlyList<ViewColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type);
        return builder.ToSchema();
    }

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly TableView view;
        private readonly Delegate?[] getters;
        private int place = -1;

        public Cursor(TableView view, IEnumerable<DataViewSchema.Column> needed)
        {
            this.view = view;
            getters = new Delegate?[view.columns.Count];
            foreach (var column in needed)
                getters[column.Index] = view.columns[column.Index].Getter(() => view.rows[place]);
        }

        public override DataViewSchema Schema => view.Schema;

        public override long Position => place;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => getters[column.Index] is not null;

        public override bool MoveNext()
        {
            view.stop.ThrowIfCancellationRequested();
            return ++place < view.rows.Length;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            getters[column.Index] as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' of type {column.Type} is not active.");

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)place, 0);
    }
}

/// <summary>How a column of a table becomes one of a data view.</summary>
/// <param name="Column">The table's.</param>
/// <param name="True">The level that is true, of a yes/no column; null: the column is numbers or text.</param>
internal sealed record ViewColumn(TableColumn Column, string? True = null)
{
    public string Name => Column.Name;

    public DataViewType Type => True is not null ? BooleanDataViewType.Instance
        : Column.IsNumber ? NumberDataViewType.Double : TextDataViewType.Instance;

    public Delegate Getter(Func<int> row)
    {
        if (True is not null)
        {
            int[] codes = Column.Codes!;
            int yes = Column.Levels.ToList().IndexOf(True);
            return (ValueGetter<bool>)((ref bool value) => value = codes[row()] == yes);
        }
        if (Column.Numbers is { } numbers)
            return (ValueGetter<double>)((ref double value) => value = numbers[row()]);
        ReadOnlyMemory<char>[] levels = [.. Column.Levels.Select(level => level.AsMemory())];
        int[] places = Column.Codes!;
        return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) =>
            value = places[row()] is >= 0 and var place ? levels[place] : default);
    }
}
