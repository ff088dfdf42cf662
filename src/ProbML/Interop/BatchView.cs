using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace ProbML;

public sealed partial class ProbabilisticTransformer<TModel>
{
    /// <summary>The view of the row-wise transform, but with cursors that have many rows scored at once.</summary>
    private sealed class BatchView : IDataTransform, ITransformCanSaveOnnx
    {
        private readonly IDataView rowwise;
        private readonly ICanSaveModel saver;
        private readonly ColumnBindings bindings;

        public BatchView(ProbabilisticTransformer<TModel> transformer, RowToRowMapperTransform rowwise)
        {
            Transformer = transformer;
            this.rowwise = rowwise;
            saver = rowwise;
            Source = rowwise.Source;
            Inputs = transformer.Bind(Source.Schema);
            IRowMapper mapper = new Mapper(transformer, Source.Schema);
            bindings = new ColumnBindings(Source.Schema, mapper.GetOutputColumns());
        }

        public ProbabilisticTransformer<TModel> Transformer { get; }

        public ScoringInputs Inputs { get; }

        public IDataView Source { get; }

        public DataViewSchema Schema => rowwise.Schema;

        public bool CanShuffle => rowwise.CanShuffle;

        public long? GetRowCount() => rowwise.GetRowCount();

        void ICanSaveModel.Save(ModelSaveContext ctx) => saver.Save(ctx);

        bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => ((ICanSaveOnnx)rowwise).CanSaveOnnx(ctx);

        void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => ((ISaveAsOnnx)rowwise).SaveAsOnnx(ctx);

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            var columns = columnsNeeded.ToList();
            return Plan(columns, out var needed) is { } active
                ? new BatchCursor(this, Source.GetRowCursor(needed, rand), active)
                : rowwise.GetRowCursor(columns, rand);
        }

        public DataViewRowCursor[] GetRowCursorSet(
            IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        {
            var columns = columnsNeeded.ToList();
            if (Plan(columns, out var needed) is not { } active)
                return rowwise.GetRowCursorSet(columns, n, rand);
            var cursors = Source.GetRowCursorSet(needed, n, rand);
            if (cursors.Length == 1 && n > 1)
                cursors = DataViewUtils.CreateSplitCursors(Transformer.Host, cursors[0], n);
            return [.. cursors.Select(cursor => new BatchCursor(this, cursor, active))];
        }

        /// <summary>Where a column of this view comes from: the source's column, or one that the model gives.</summary>
        public (bool IsSource, int Index) Origin(int column)
        {
            int index = bindings.MapColumnIndex(out bool isSource, column);
            return (isSource, index);
        }

        /// <summary>Which columns are active, by index, and what the source must give for them.</summary>
        /// <returns>Null if looking ahead is no use: no score is wanted, or a column (an image) cannot wait.</returns>
        private bool[]? Plan(List<DataViewSchema.Column> columns, out List<DataViewSchema.Column> needed)
        {
            needed = [];
            var active = new bool[Schema.Count];
            foreach (var column in columns)
                active[column.Index] = true;
            var passed = columns.Select(column => Origin(column.Index)).Where(origin => origin.IsSource);
            var scored = Transformer.Dependencies(Inputs, i => active[bindings.AddedColumnIndices[i]]).ToList();
            if (scored.Count == 0)
                return null;
            needed = [.. passed.Select(origin => Source.Schema[origin.Index]).Concat(scored).DistinctBy(c => c.Index)];
            return needed.TrueForAll(column => column.Type is PrimitiveDataViewType or VectorDataViewType)
                ? active
                : null;
        }

        /// <summary>Which of the model's columns are active.</summary>
        public Func<int, bool> Wanted(bool[] active) => i => active[bindings.AddedColumnIndices[i]];
    }
}
