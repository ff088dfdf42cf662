using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace ProbML;

public sealed partial class ConformalTransformer
{
    /// <summary>Bounds and sets as ONNX operators, behind the predictions that they are made of.</summary>
    private sealed partial class Mapper : ISaveAsOnnx
    {
        bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => ctx is PipelineOnnxContext;

        void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx)
        {
            var columns = parent.columns;
            if (columns.Group is not null || columns.Weight is not null)
                throw new NotSupportedException(
                    $"conformal prediction by {(columns.Group is null ? "weights" : "groups")} of rows ('{columns.Group ?? columns.Weight}') has no ONNX form");
            var context = (PipelineOnnxContext)ctx;
            if (!inputs.Columns.All(column => context.ContainsColumn(column.Name)))
            {
                foreach (string name in (string[])(columns.IsInterval
                    ? [ColumnNames.LowerBound, ColumnNames.UpperBound]
                    : [ConformalColumns.PredictionSet, ConformalColumns.PredictionSetSize]))
                    context.RemoveColumn(name);
                return;
            }
            var scope = new OnnxScope(context.Graph);
            if (columns.IsInterval)
                WriteInterval(context, scope);
            else
                WriteSet(context, scope);
        }

        private void WriteInterval(PipelineOnnxContext context, OnnxScope scope)
        {
            var columns = parent.columns;
            double q = parent.Calibration.Quantile;
            var (lower, upper) = columns.Lower is null
                ? Around(Read(columns.Score), columns.Scale is { } scale ? Read(scale) * q : scope.Constant(q))
                : (Read(columns.Lower) - q, Read(columns.Upper!) + q);
            context.Bind(ColumnNames.LowerBound, lower.ToSingle(), NumberDataViewType.Single);
            context.Bind(ColumnNames.UpperBound, upper.ToSingle(), NumberDataViewType.Single);

            OnnxReal Read(string name) => scope.Double(context.Value(name));

            static (OnnxReal Lower, OnnxReal Upper) Around(OnnxReal centre, OnnxReal reach) => (centre - reach, centre + reach);
        }

        private void WriteSet(PipelineOnnxContext context, OnnxScope scope)
        {
            int count = inputs.ClassCount;
            var p = scope.Double(context.Value(parent.columns.Score));
            if (!inputs.IsVector)
                p = scope.Join(1 - p, p);
            var distances = parent.columns.Method == (int)ClassSetMethod.Adaptive ? Accumulated(p, count) : 1 - p;
            var isHeld = !(distances > parent.Calibration.Quantile);
            context.Bind(ConformalColumns.PredictionSet, isHeld.Value, new VectorDataViewType(BooleanDataViewType.Instance, count));
            context.Bind(ConformalColumns.PredictionSetSize, isHeld.ToReal().RowSum().ToSingle(), NumberDataViewType.Single);
        }

        /// <summary>Of each class the sum of the probabilities that are not smaller; of the likeliest zero, [n, K].</summary>
        private static OnnxReal Accumulated(OnnxReal p, int count)
        {
            var scope = p.Scope;
            OnnxReal own = p.Unsqueeze(2), others = p.Unsqueeze(1);
            var sums = scope.Choose((others > own) | others.Is(own), others, 0).SumOver(2);
            var places = scope.Constant([.. Enumerable.Range(0, count).Select(k => (double)k)], 1, count);
            var first = scope.Choose(p.Is(p.RowMax()), places, count).Least(1);             // of equal ones the first is the likeliest
            return scope.Choose(places.Is(first), 0, sums);
        }
    }
}
