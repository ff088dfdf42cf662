namespace ProbML.Flows;

/// <summary>The operators by which a flow's columns are averaged over the points of counts' cells.</summary>
/// <remarks>Rows of Double, [n, d]; with K points in a cell every row stands K times beneath itself, [n K, d].</remarks>
internal sealed class FlowNodes(IOnnxGraph graph, int columns, int points)
{
    public OnnxValue Cast(OnnxValue value, OnnxElement element) =>
        graph.Node("Cast", [value], OnnxArgument.Of("to", (long)element));

    public OnnxValue Beside(params ReadOnlySpan<OnnxValue> values) => graph.Node("Concat", values, OnnxArgument.Of("axis", 1L));

    public OnnxValue Columns(OnnxValue value, long start, long end) => Part(value, start, end, axis: 1);

    /// <summary>Σ over columns, [n, 1].</summary>
    public OnnxValue Sum(OnnxValue value) =>
        graph.Node("ReduceSum", [value], OnnxArgument.Of("axes", [1L]), OnnxArgument.Of("keepdims", 1L));

    /// <summary>[n, d] at each of K points, [n K, d].</summary>
    public OnnxValue AtPoints(OnnxValue rows, double[] shifts)
    {
        var moved = graph.Node(
            "Add",
            [graph.Node("Unsqueeze", [rows], OnnxArgument.Of("axes", [1L])), graph.Constant(shifts, [1, points, columns])]);
        return Reshape(moved, -1, columns);
    }

    /// <summary>[n K, d] at the first point, [n, d].</summary>
    public OnnxValue FirstPoint(OnnxValue value) => points == 1
        ? value
        : Reshape(Part(Reshape(value, -1, points, columns), 0, 1, axis: 1), -1, columns);

    /// <summary>ln of the mean over the points of e to numbers [n K, width]: [n, width].</summary>
    public OnnxValue LogMean(OnnxValue value, int width)
    {
        if (points == 1)
            return value;
        var sum = graph.Node(
            "ReduceLogSumExp",
            [Reshape(value, -1, points, width)],
            OnnxArgument.Of("axes", [1L]),
            OnnxArgument.Of("keepdims", 0L));
        return graph.Node("Sub", [sum, graph.Constant([Math.Log(points)], [])]);
    }

    /// <summary>What each column adds to the one before it.</summary>
    public OnnxValue Steps(OnnxValue running) => columns == 1
        ? running
        : Beside(
            Columns(running, 0, 1), graph.Node("Sub", [Columns(running, 1, columns), Columns(running, 0, columns - 1L)]));

    /// <summary>|x − its whole part| of the columns marked by 1, 0 of the others.</summary>
    public OnnxValue Fractions(OnnxValue rows, double[] marks)
    {
        var whole = Cast(Cast(rows, OnnxElement.Int64), OnnxElement.Double);
        return graph.Node(
            "Mul", [graph.Node("Abs", [graph.Node("Sub", [rows, whole])]), graph.Constant(marks, [1, columns])]);
    }

    private OnnxValue Part(OnnxValue value, long start, long end, long axis)
    {
        OnnxValue Index(long number) => graph.Constant([number], [1]);
        return graph.Node("Slice", [value, Index(start), Index(end), Index(axis)]);
    }

    private OnnxValue Reshape(OnnxValue value, params ReadOnlySpan<long> shape) =>
        graph.Node("Reshape", [value, graph.Constant(shape, [shape.Length])]);
}
