using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Examples.Scoring;

/// <summary>The rows that a buffer holds when a cursor is opened.</summary>
internal sealed class RowView(JsonRows rows) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => rows.Schema;

    public long? GetRowCount() => rows.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(rows, [.. columnsNeeded.Select(column => column.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(JsonRows rows, HashSet<int> active) : DataViewRowCursor
    {
        private int position = -1;

        public override long Position => position;

        public override long Batch => 0;

        public override DataViewSchema Schema => rows.Schema;

        public override bool MoveNext()
        {
            if (position + 1 < rows.Count)
            {
                position++;
                return true;
            }
            position = -1;
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            rows.Getter<TValue>(column, () => position);

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId value) => value = new((ulong)position, 0);
    }
}

/// <summary>One row of a buffer after another, for a mapper that is bound once.</summary>
internal sealed class BufferedRow(JsonRows rows) : DataViewRow
{
    private int row;
    private long position = -1;

    /// <summary>How often it has moved: a mapper computes anew when this changes.</summary>
    public override long Position => position;

    public override long Batch => 0;

    public override DataViewSchema Schema => rows.Schema;

    public void MoveTo(int next) => (row, position) = (next, position + 1);

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        rows.Getter<TValue>(column, () => row);

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        (ref DataViewRowId value) => value = new((ulong)position, 0);
}
