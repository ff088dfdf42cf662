namespace ProbML.Flows;

public sealed partial class FlowModel
{
    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Columns are counts, whose probability takes many passes.</exception>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (HasCounts)
            throw new NotSupportedException(
                $"'{FeatureNames[parts.IsCount.ToList().IndexOf(true)]}' is a column of counts, whose probability is an average "
                + "over many passes: such a flow has no ONNX form. Score with ProbML, or fit with FindsCounts = false.");
        bool marginal = parts.Columns.HasFlag(FlowColumns.MarginalLogDensity);
        if (marginal && (wanted.IsEmpty || wanted[^1]))
            throw new NotSupportedException(
                $"The column '{Outputs[^1].Name}' needs random draws, which an ONNX file cannot make again alike. Leave it out of "
                + "the columns to export, or score with ProbML.");
        int d = FeatureCount;
        var wide = Cast(graph, rows.Features, OnnxElement.Double);
        var (values, slopes) = (new OnnxValue[d], new OnnxValue[d]);
        for (int j = 0; j < d; j++)
        {
            OnnxValue Index(long number) => graph.Constant([number], [1]);
            var column = graph.Node("Slice", [wide, Index(j), Index(j + 1L), Index(1)]);
            (values[j], var slope) = parts.Maps[j].Emit(graph, column);
            slopes[j] = graph.Node("Add", [graph.Node("Mul", [column, graph.Constant([0.0], [])]), slope]);   // [n, 1]
        }
        var axis = OnnxArgument.Of("axis", 1L);
        var single = Cast(graph, graph.Node("Concat", values, axis), OnnxElement.Single);
        var results = graph.Include(graphs.Density, new Dictionary<string, OnnxValue> { [FlowGraphs.RowsPort] = single });
        var wideTerms = Cast(graph, results[FlowGraphs.TermsPort], OnnxElement.Double);
        var logSlopes = graph.Node("Concat", slopes, axis);
        var noNumber = graph.Constant([float.NaN], []);
        var isNumber = Cast(graph, SumOf(graph.Node("Mul", [wide, graph.Constant([0.0], [])])), OnnxElement.Single);
        var isSpoilt = graph.Node("IsNaN", [isNumber]);
        var emitted = new OnnxValue[Outputs.Count];
        emitted[0] = Spoil(results[FlowGraphs.NoisePort]);
        int next = 1;
        if (parts.Columns.HasFlag(FlowColumns.LogDensity))
            emitted[next++] = Spoil(Possible(graph.Node("Add", [SumOf(wideTerms), SumOf(logSlopes)])));
        if (parts.Columns.HasFlag(FlowColumns.ConditionalLogDensity))
            emitted[next] = Spoil(Possible(graph.Node("Add", [wideTerms, logSlopes])));
        for (int k = 0; k < emitted.Length && !wanted.IsEmpty; k++)
        {
            if (!wanted[k])
                emitted[k] = default;
        }
        return emitted;

        OnnxValue SumOf(OnnxValue terms) =>
            graph.Node("ReduceSum", [terms], OnnxArgument.Of("axes", [1L]), OnnxArgument.Of("keepdims", 1L));

        OnnxValue Possible(OnnxValue density)
        {
            var narrow = Cast(graph, density, OnnxElement.Single);
            return graph.Node(
                "Where", [graph.Node("IsNaN", [narrow]), graph.Constant([float.NegativeInfinity], []), narrow]);
        }

        OnnxValue Spoil(OnnxValue value) => graph.Node("Where", [isSpoilt, noNumber, value]);
    }

    private static OnnxValue Cast(IOnnxGraph graph, OnnxValue value, OnnxElement element) =>
        graph.Node("Cast", [value], OnnxArgument.Of("to", (long)element));
}
