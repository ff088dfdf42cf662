using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace ProbML;

public sealed partial class DensityRatioTransformer
{
    /// <summary>The ratio of the classifier of all rows as ONNX operators, behind those of the classifier.</summary>
    private sealed partial class Mapper : ISaveAsOnnx
    {
        bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => ctx is PipelineOnnxContext;

        void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx)
        {
            var context = (PipelineOnnxContext)ctx;
            if (!context.ContainsColumn(features.Name))
            {
                foreach (string name in Added)
                    context.RemoveColumn(name);
                return;
            }
            var scope = new OnnxScope(context.Graph);
            var x = scope.Double(context.Value(features.Name));
            var log = context.Inside(() => Odds(context, scope)) - parent.parts.LogPriorOdds[^1];
            log = log.Where((x - x).RowSum().Is(0), double.NaN);
            var statistics = parent.Statistics;
            Bind(ColumnNames.LogRatio, log);
            Bind(ColumnNames.DensityRatio, log.Exp());
            Bind(ColumnNames.Weight, log.Exp().Min(statistics.MaximumRatio) / statistics.MeanRatio);

            void Bind(string name, OnnxReal value) => context.Bind(name, value.ToSingle(), NumberDataViewType.Single);
        }

        /// <summary>The classifier's log odds, its steps written before them.</summary>
        /// <exception cref="NotSupportedException">A step has no ONNX form; the message names it.</exception>
        private OnnxReal Odds(PipelineOnnxContext context, OnnxScope scope)
        {
            string odds = parent.parts.Odds;
            context.RemoveColumn(odds);
            var refusals = new OnnxSteps(parent.Host, parent.Classifier, InputSchema).Write(context);
            if (!context.ContainsColumn(odds))
                throw new NotSupportedException(
                    context.Refusals.TryGetValue(odds, out string? reason) ? $"of its classifier {reason}"
                    : refusals.Count > 0 ? $"of its classifier {string.Join("; ", refusals)}"
                    : $"its classifier needs a column that is not given, or '{odds}' has no ONNX form");
            var value = scope.Double(context.Value(odds));
            return parent.parts.IsLogOdds ? value : value.Max(Closest).Log() - (1 - value).Max(Closest).Log();
        }
    }
}
