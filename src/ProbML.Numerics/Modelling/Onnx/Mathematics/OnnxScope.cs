namespace ProbML;

/// <summary>The graph that formulas are being written to: the whole, or for a while the body of a loop in it.</summary>
internal sealed class OnnxScope(IOnnxGraph graph)
{
    public IOnnxGraph Graph { get; private set; } = graph;

    public OnnxReal Constant(double value) => new(this, Graph.Constant([value], []));

    public OnnxReal Constant(ReadOnlySpan<double> values, params ReadOnlySpan<long> shape) =>
        new(this, Graph.Constant(values, shape));

    /// <summary>A value of whatever type, in double precision.</summary>
    public OnnxReal Double(OnnxValue value) =>
        new(this, Graph.Node("Cast", [value], OnnxArgument.Of("to", (long)OnnxElement.Double)));

    /// <summary>Runs a body until it says enough.</summary>
    /// <param name="most">How many times it may run.</param>
    /// <param name="state">What it starts from.</param>
    /// <param name="body">The next state, and where it is still to go on.</param>
    public OnnxReal[] Repeat(
        long most, OnnxReal[] state, Func<OnnxReal[], (OnnxReal[] Next, OnnxTruth GoOn)> body)
    {
        var outer = Graph;
        var values = outer.Repeat(most, [.. state.Select(one => one.Value)], (inner, _, current) =>
        {
            Graph = inner;
            var (next, goOn) = body([.. current.Select(value => new OnnxReal(this, value))]);
            var result = (next.Select(one => one.Value).ToArray(), goOn.Any().Value);
            Graph = outer;
            return result;
        });
        return [.. values.Select(value => new OnnxReal(this, value))];
    }

    /// <summary>Columns put side by side, [n, k].</summary>
    public OnnxReal Join(params ReadOnlySpan<OnnxReal> columns)
    {
        if (columns.Length == 1)
            return columns[0];
        var values = new OnnxValue[columns.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = columns[i].Value;
        return new(this, Graph.Node("Concat", values, OnnxArgument.Of("axis", 1)));
    }

    /// <summary>One or the other, element by element; what is not chosen may be anything, NaN too.</summary>
    public OnnxReal Choose(OnnxTruth condition, OnnxReal then, OnnxReal otherwise) =>
        new(this, Graph.Node("Where", [condition.Value, then.Value, otherwise.Value]));

    public OnnxReal Choose(OnnxTruth condition, OnnxReal then, double otherwise) =>
        Choose(condition, then, Constant(otherwise));

    public OnnxReal Choose(OnnxTruth condition, double then, OnnxReal otherwise) =>
        Choose(condition, Constant(then), otherwise);
}
