using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.DensityRatios;

namespace ProbML;

/// <summary>The rows of a view less those of one fold.</summary>
internal sealed class LeftOutView(IDataView source, DataViewSchema.Column features, RowDealer dealer, int leftOut) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(
        source.GetRowCursor(columnsNeeded.Append(features).DistinctBy(column => column.Index), rand),
        features,
        dealer,
        leftOut);

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, DataViewSchema.Column features, RowDealer dealer, int leftOut)
        : DataViewRowCursor
    {
        private readonly FeatureReader reader = FeatureReader.Create(input, features);
        private readonly double[] row = new double[((VectorDataViewType)features.Type).Size];
        private long position = -1;

        public override long Position => position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => input.Schema;

        public override bool MoveNext()
        {
            while (input.MoveNext())
            {
                reader.Read(row);
                if (dealer.Fold(dealer.Hash(row)) == leftOut)
                    continue;
                position++;
                return true;
            }
            position = -1;
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
