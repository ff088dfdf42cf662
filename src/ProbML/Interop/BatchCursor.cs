using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace ProbML;

public sealed partial class ProbabilisticTransformer<TModel>
{
    /// <summary>Pulls rows ahead of its reader, 1, 8, 64, ... up to the model's block size, and scores them in one call.</summary>
    /// <remarks>
    /// Whatever of a row is active is held back with it: columns, id, and the batch number, by which parallel cursors are
    /// put into order again.
    /// </remarks>
    private sealed class BatchCursor : RootCursorBase
    {
        private readonly BatchView view;
        private readonly DataViewRowCursor source;
        private readonly bool[] active;
        private readonly ScoringBlock<TModel> block;
        private readonly HeldColumn?[] held;
        private readonly ValueGetter<DataViewRowId> sourceId;
        private DataViewRowId[] ids = [];
        private long[] batches = [];
        private int place;
        private int count;
        private bool atEnd;
        private bool isDisposed;

        public BatchCursor(BatchView view, DataViewRowCursor source, bool[] active)
            : base(view.Transformer.Host)
        {
            this.view = view;
            this.source = source;
            this.active = active;
            var (model, schema) = (view.Transformer.Model, view.Transformer.schema);
            block = new ScoringBlock<TModel>(model, schema, view.Inputs, source, view.Wanted(active));
            held = new HeldColumn?[source.Schema.Count];
            for (int i = 0; i < active.Length; i++)
                if (active[i] && view.Origin(i) is (true, var index))
                    held[index] = HeldColumn.Create(source, source.Schema[index]);
            sourceId = source.GetIdGetter();
        }

        public override DataViewSchema Schema => view.Schema;

        public override long Batch => place < count ? batches[place] : 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column is not active");
            var (isSource, index) = view.Origin(column.Index);
            var getter = isSource
                ? held[index]!.Getter(() => place)
                : block.Getter(view.Transformer.schema.Columns[index], () => place);
            return getter as ValueGetter<TValue>
                ?? throw Ch.Except($"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{column.Type.RawType}'.");
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = ids[place];

        protected override bool MoveNextCore() => ++place < count || Fill();

        protected override void Dispose(bool disposing)
        {
            if (isDisposed)
                return;
            isDisposed = true;
            if (disposing)
                source.Dispose();
            base.Dispose(disposing);
        }

        private bool Fill()
        {
            if (atEnd)
                return false;
            view.Transformer.Host.CheckAlive();
            int limit = view.Transformer.Model.BlockSize;
            if (ids.Length < limit)
                Grow((int)Math.Min(limit, Math.Max(1, ids.Length * 8L)));
            place = count = 0;
            while (count < ids.Length && !atEnd)
            {
                if (source.MoveNext())
                    Hold(count++);
                else
                    atEnd = true;
            }
            if (count > 0)
                block.Score(count);
            return count > 0;
        }

        private void Hold(int index)
        {
            block.Read(index);
            sourceId(ref ids[index]);
            batches[index] = source.Batch;
            foreach (var column in held)
                column?.Hold(index);
        }

        private void Grow(int capacity)
        {
            block.Grow(capacity);
            ids = new DataViewRowId[capacity];
            batches = new long[capacity];
            foreach (var column in held)
                column?.Grow(capacity);
        }
    }
}
