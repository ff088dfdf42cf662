using Microsoft.ML.Model.OnnxConverter;

namespace ProbML;

public sealed partial class ProbabilisticTransformer<TModel>
{
    /// <summary>What the model's columns are as ONNX operators.</summary>
    private sealed partial class Mapper : ISaveAsOnnx
    {
        bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => transformer.Model is IOnnxModel;

        void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx)
        {
            var model = (IOnnxModel)transformer.Model;
            var columns = transformer.schema.Columns;
            if (!ctx.ContainsColumn(inputs.FeaturesName))
            {
                foreach (var column in columns)
                    ctx.RemoveColumn(column.Name, true);
                return;
            }
            var graph = ContextGraph.Of(ctx);
            var rows = inputs.OnnxRows(graph, ctx);
            var wanted = Writable(ctx, model, rows);
            var values = wanted.Contains(true) ? model.Emit(graph, rows, wanted) : new OnnxValue[wanted.Length];
            foreach (var column in columns)
            {
                var value = values[column.Output];
                if (!value.Exists)
                    ctx.RemoveColumn(column.Name, true);
                else
                    Bind(ctx, graph, column, value);
            }
        }

        /// <summary>Which outputs can be written to this context; why another cannot is remembered.</summary>
        private bool[] Writable(OnnxContext ctx, IOnnxModel model, OnnxRows rows)
        {
            var wanted = new bool[transformer.Model.Outputs.Count];
            for (int k = 0; k < wanted.Length; k++)
            {
                var one = new bool[wanted.Length];
                one[k] = true;
                string name = transformer.Model.Outputs[k].Name;
                try
                {
                    IOnnxGraph trial = ctx is PipelineOnnxContext ? new OnnxGraph() : new LoopFreeGraph();
                    wanted[k] = model.Emit(trial, rows, one)[k].Exists;
                    if (!wanted[k] && ctx is PipelineOnnxContext own)
                        own.Refusals[name] = $"it needs the column '{transformer.Roles.Label}', which is not an input";
                }
                catch (NotSupportedException e)
                {
                    if (ctx is PipelineOnnxContext own)
                        own.Refusals[name] = e.Message;
                }
            }
            return wanted;
        }

        private static void Bind(OnnxContext ctx, IOnnxGraph graph, ScoreColumn column, OnnxValue value)
        {
            if (column.Threshold is float threshold)
                value = graph.Node("Greater", [value, graph.Constant([threshold], [])]);
            if (column.ClassCount > 0)
                value = LargestKey(graph, value);
            if (ctx is PipelineOnnxContext own)
            {
                own.Bind(column.Name, value, column.Type);
                return;
            }
            string name = ctx.AddIntermediateVariable(column.Type, column.Name);
            ctx.CreateNode("Identity", [value.Name!], [name], ctx.GetNodeName("Identity"), "");
        }

        /// <summary>The key of the largest, the first of equals; missing, 0, if one is NaN.</summary>
        private static OnnxValue LargestKey(IOnnxGraph graph, OnnxValue scores)
        {
            var place = graph.Node("ArgMax", [scores], OnnxArgument.Of("axis", 1), OnnxArgument.Of("keepdims", 1));
            var key = graph.Node("Add", [place, graph.Constant([1L], [])]);
            var sum = graph.Node("ReduceSum", [scores], OnnxArgument.Of("axes", [1L]), OnnxArgument.Of("keepdims", 1));
            key = graph.Node("Where", [graph.Node("IsNaN", [sum]), graph.Constant([0L], []), key]);
            return graph.Node("Cast", [key], OnnxArgument.Of("to", (long)OnnxElement.UInt32));
        }
    }
}
