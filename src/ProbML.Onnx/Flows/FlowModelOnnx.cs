namespace ProbML.Flows;

public sealed partial class FlowModel
{
    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The density of what is known is wanted, which takes draws.</exception>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        int drawn = wanted.IsEmpty ? Outputs.Count - MarginalColumns : wanted[^MarginalColumns..].IndexOf(true) is >= 0 and var place
            ? Outputs.Count - MarginalColumns + place
            : Outputs.Count;
        if (drawn < Outputs.Count)
            throw new NotSupportedException(
                $"The column '{Outputs[drawn].Name}' needs random draws, which an ONNX file cannot make again alike. Leave it out of "
                + "the columns to export, or score with ProbML.");
        var nodes = new FlowNodes(graph, FeatureCount, HasCounts ? parts.CellPoints : 1);
        var wide = nodes.Cast(rows.Features, OnnxElement.Double);
        var points = HasCounts ? nodes.AtPoints(wide, [.. Shifts()]) : wide;
        var (values, slopes) = (new OnnxValue[FeatureCount], new OnnxValue[FeatureCount]);
        for (int j = 0; j < FeatureCount; j++)
        {
            var column = nodes.Columns(points, j, j + 1);
            (values[j], var slope) = parts.Maps[j].Emit(graph, column);
            slopes[j] = graph.Node("Add", [graph.Node("Mul", [column, graph.Constant([0.0], [])]), slope]);   // [n, 1]
        }
        var single = nodes.Cast(nodes.Beside(values), OnnxElement.Single);
        var results = graph.Include(graphs.Density, new Dictionary<string, OnnxValue> { [FlowGraphs.RowsPort] = single });
        var terms = nodes.Cast(results[FlowGraphs.TermsPort], OnnxElement.Double);
        var logSlopes = nodes.Beside(slopes);
        var isSpoilt = graph.Node(
            "IsNaN", [nodes.Cast(nodes.Sum(graph.Node("Mul", [wide, graph.Constant([0.0], [])])), OnnxElement.Single)]);
        var fractions = HasCounts ? nodes.Fractions(wide, [.. parts.IsCount.Select(count => count ? 1.0 : 0)]) : default;
        var emitted = new OnnxValue[Outputs.Count];
        emitted[0] = Spoil(nodes.FirstPoint(results[FlowGraphs.NoisePort]));
        int next = 1;
        if (parts.Columns.HasFlag(FlowColumns.LogDensity))
        {
            var all = graph.Node("Add", [nodes.Sum(terms), nodes.Sum(logSlopes)]);
            emitted[next++] = Spoil(Possible(nodes.LogMean(all, 1), HasCounts ? nodes.Sum(fractions) : default));
        }
        if (parts.Columns.HasFlag(FlowColumns.ConditionalLogDensity))
        {
            var each = graph.Node("Add", [terms, logSlopes]);
            if (HasCounts)
                each = nodes.Steps(nodes.LogMean(graph.Node("CumSum", [each, graph.Constant([1L], [])]), FeatureCount));
            emitted[next] = Spoil(Possible(each, fractions));
        }
        for (int k = 0; k < emitted.Length && !wanted.IsEmpty; k++)
        {
            if (!wanted[k])
                emitted[k] = default;
        }
        return emitted;

        OnnxValue Possible(OnnxValue density, OnnxValue fraction)
        {
            var (narrow, never) = (nodes.Cast(density, OnnxElement.Single), graph.Constant([float.NegativeInfinity], []));
            var sound = graph.Node("Where", [graph.Node("IsNaN", [narrow]), never, narrow]);
            return fraction.Exists
                ? graph.Node("Where", [graph.Node("Less", [graph.Constant([0.0], []), fraction]), never, sound])
                : sound;
        }

        OnnxValue Spoil(OnnxValue value) => graph.Node("Where", [isSpoilt, graph.Constant([float.NaN], []), value]);
    }

    /// <summary>Where in their cells columns stand at each point, [points, d].</summary>
    private IEnumerable<double> Shifts()
    {
        for (int point = 0; point < parts.CellPoints; point++)
        {
            for (int j = 0; j < FeatureCount; j++)
                yield return Shift(j, point);
        }
    }
}
