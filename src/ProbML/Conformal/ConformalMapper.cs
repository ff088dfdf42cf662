using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML;

public sealed partial class ConformalTransformer
{
    private sealed partial class Mapper : MapperBase
    {
        private readonly ConformalTransformer parent;
        private readonly ConformalInputs inputs;
        private readonly HashSet<int> needed;

        public Mapper(ConformalTransformer parent, DataViewSchema schema)
            : base(parent.Host.Register("Mapper"), schema, parent)
        {
            this.parent = parent;
            inputs = new(parent.Host, schema, parent.columns);
            needed = [.. inputs.Columns.Select(column => column.Index)];
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
        {
            if (parent.columns.IsInterval)
                return
                [
                    new(ColumnNames.LowerBound, NumberDataViewType.Single, null),
                    new(ColumnNames.UpperBound, NumberDataViewType.Single, null),
                ];
            var annotations = new DataViewSchema.Annotations.Builder();
            if (inputs.ClassNames.Count > 0)
            {
                var names = inputs.ClassNames.Select(name => name.AsMemory()).ToArray();
                annotations.AddSlotNames(
                    names.Length,
                    (ref VBuffer<ReadOnlyMemory<char>> value) =>
                        new VBuffer<ReadOnlyMemory<char>>(names.Length, names).CopyTo(ref value));
            }
            var type = new VectorDataViewType(BooleanDataViewType.Instance, inputs.ClassCount);
            return
            [
                new(ConformalColumns.PredictionSet, type, annotations.ToAnnotations()),
                new(ConformalColumns.PredictionSetSize, NumberDataViewType.Single, null),
            ];
        }

        protected override Delegate MakeGetter(
            DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null!;
            var group = inputs.Group(input, parent.groups);
            var weight = inputs.Weight(input);
            double Quantile()
            {
                int place = group?.Invoke() ?? -1;
                return parent.weights is { } weights ? weights.At(place, weight())
                    : place >= 0 ? parent.quantiles[place]
                    : parent.Calibration.Quantile;
            }

            return parent.columns.IsInterval
                ? Bound(inputs.Interval(input), Quantile, isLower: iinfo == 0)
                : Set(inputs.ClassDistances(input), Quantile, inputs.ClassCount, isSize: iinfo == 1);
        }

        protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            bool active = activeOutput(0) || activeOutput(1);
            return index => active && needed.Contains(index);
        }

        protected override void SaveModel(ModelSaveContext ctx) => parent.SaveModel(ctx);

        private static ValueGetter<float> Bound(
            Func<double, (double Lower, double Upper)> interval, Func<double> quantile, bool isLower) =>
            (ref float value) =>
            {
                var (lower, upper) = interval(quantile());
                value = (float)(isLower ? lower : upper);
            };

        private static Delegate Set(Action<double[]> distances, Func<double> quantile, int count, bool isSize)
        {
            double[] found = new double[count];
            if (isSize)
                return (ValueGetter<float>)((ref float value) =>
                {
                    distances(found);
                    double q = quantile();
                    value = found.Count(distance => !(distance > q));
                });
            return (ValueGetter<VBuffer<bool>>)((ref VBuffer<bool> value) =>
            {
                distances(found);
                double q = quantile();
                var editor = VBufferEditor.Create(ref value, count);
                for (int k = 0; k < count; k++)
                    editor.Values[k] = !(found[k] > q);          // NaN: the class cannot be ruled out
                value = editor.Commit();
            });
        }
    }
}
