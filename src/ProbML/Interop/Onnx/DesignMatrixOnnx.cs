using Microsoft.ML.Model.OnnxConverter;

namespace ProbML;

public sealed partial class DesignMatrixTransformer
{
    /// <summary>The design matrix as ONNX operators.</summary>
    private sealed partial class Mapper : ISaveAsOnnx
    {
        bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

        void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx)
        {
            if (columns.Any(column => !ctx.ContainsColumn(column.Name)))
            {
                ctx.RemoveColumn(parent.OutputColumnName, true);
                return;
            }
            var scope = new OnnxScope(ContextGraph.Of(ctx));
            var slots = new List<OnnxReal>();
            OnnxTruth? known = null;
            for (int t = 0; t < columns.Length; t++)
            {
                var block = parent.blocks[t];
                var value = new OnnxValue(ctx.GetVariableName(columns[t].Name));
                if (!block.Term.IsCategorical)
                {
                    // ML.NET's one-hot vectors of a number have a rank too many, [n, 1, k].
                    if (columns[t].Type is Microsoft.ML.Data.VectorDataViewType { Size: > 0 } vector)
                        value = scope.Graph.Node("Reshape", [value, scope.Graph.Constant([-1L, vector.Size], [2])]);
                    slots.Add(scope.Double(value));
                    continue;
                }
                var hits = Hits(ctx, scope, block, t, value);
                var hit = hits.RowSum() > 0;
                if (block.Term.IsCode)
                {
                    double[] places = [.. Enumerable.Range(0, block.Term.Levels!.Count).Select(k => (double)k)];
                    var numbers = scope.Constant(places, 1, places.Length);
                    slots.Add((hits * numbers).RowSum().Where(hit, double.NaN));
                    continue;
                }
                long[] kept = block.KeptLevels;
                if (kept.Length > 0)
                    slots.Add(hits.Columns(kept).Where(hit, double.NaN));
                else
                    known = known is { } before ? before & hit : hit;
            }
            var matrix = scope.Join([.. slots]);
            if (known is { } all)
                matrix = matrix.Where(all, double.NaN);
            var type = GetOutputColumnsCore()[0].Type;
            if (ctx is PipelineOnnxContext own)
            {
                own.Bind(parent.OutputColumnName, matrix.Value, type);
                return;
            }
            string name = ctx.AddIntermediateVariable(type, parent.OutputColumnName);
            ctx.CreateNode("Identity", [matrix.Value.Name!], [name], ctx.GetNodeName("Identity"), "");
        }

        /// <summary>1 where a row has a level, [n, levels]; text goes through the encoder of ai.onnx.ml.</summary>
        private OnnxReal Hits(OnnxContext ctx, OnnxScope scope, DesignMatrixBlock block, int term, OnnxValue value)
        {
            var levels = block.Term.Levels!;
            long[] codes = LevelColumn.Of(columns[term])!.Codes(levels)
                ?? [.. Enumerable.Range(0, levels.Count).Select(k => (long)k)];
            if (columns[term].Type is Microsoft.ML.Data.TextDataViewType)
            {
                string places = ctx.AddIntermediateVariable(
                    Microsoft.ML.Data.NumberDataViewType.Int64, $"{block.Term.Column}.level", skip: true);
                var encoder = ctx.CreateNode(
                    "LabelEncoder", [value.Name!], [places], ctx.GetNodeName("LabelEncoder"), "ai.onnx.ml");
                encoder.AddAttribute("keys_strings", levels);
                encoder.AddAttribute("values_int64s", codes);
                encoder.AddAttribute("default_int64", -1L);
                value = new(places);
            }
            else
            {
                value = scope.Graph.Node("Cast", [value], OnnxArgument.Of("to", (long)OnnxElement.Int64));
            }
            var equal = scope.Graph.Node("Equal", [value, scope.Graph.Constant(codes, [1, codes.Length])]);
            return scope.Double(equal);
        }
    }
}
