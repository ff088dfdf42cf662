namespace ProbML.Flows;

/// <summary>z = (ln((x − l) / (h − x)) − c) / s, for x in (l, h): the density has no mass outside.</summary>
/// <param name="Low">l.</param>
/// <param name="High">h.</param>
/// <param name="Standard">c and s.</param>
public sealed record LogitMap(double Low, double High, StandardMap Standard) : ColumnMap
{
    internal const byte Tag = 2;

    /// <inheritdoc/>
    public override double Forward(double x) =>
        x > Low && x < High ? Standard.Forward(Math.Log((x - Low) / (High - x))) : double.NaN;

    /// <inheritdoc/>
    public override double Inverse(double z)
    {
        double decay = Math.Exp(-Math.Abs(Standard.Inverse(z)));
        double share = Standard.Inverse(z) < 0 ? decay / (1 + decay) : 1 / (1 + decay);
        return Low + (High - Low) * share;
    }

    /// <inheritdoc/>
    public override double LogSlope(double x) => Math.Log((High - Low) / ((x - Low) * (High - x))) - Math.Log(Standard.Scale);

    internal override (OnnxValue Value, OnnxValue LogSlope) Emit(IOnnxGraph graph, OnnxValue x)
    {
        var (below, above) = (graph.Node("Sub", [x, Number(graph, Low)]), graph.Node("Sub", [Number(graph, High), x]));
        var (logBelow, logAbove) = (graph.Node("Log", [below]), graph.Node("Log", [above]));
        var (value, _) = Standard.Emit(graph, graph.Node("Sub", [logBelow, logAbove]));
        double constant = Math.Log(High - Low) - Math.Log(Standard.Scale);
        return (value, graph.Node("Sub", [Number(graph, constant), graph.Node("Add", [logBelow, logAbove])]));
    }

    internal override void Write(BinaryWriter writer) => Put(writer, Tag, Low, High, Standard.Centre, Standard.Scale);
}

/// <summary>z = (ln(e^{x / a} − 1) − c) / s, for x &gt; 0: logarithmic near 0, straight far from it.</summary>
/// <param name="Unit">a, above 0: what counts as near.</param>
/// <param name="Standard">c and s.</param>
public sealed record SoftplusMap(double Unit, StandardMap Standard) : ColumnMap
{
    internal const byte Tag = 3;

    /// <inheritdoc/>
    public override double Forward(double x) =>
        x > 0 ? Standard.Forward(x / Unit + Math.Log(-Elementary.Expm1(-x / Unit))) : double.NaN;

    /// <inheritdoc/>
    public override double Inverse(double z) => Unit * Elementary.Softplus(Standard.Inverse(z));

    /// <inheritdoc/>
    public override double LogSlope(double x) =>
        -Math.Log(-Elementary.Expm1(-x / Unit)) - Math.Log(Unit) - Math.Log(Standard.Scale);

    internal override (OnnxValue Value, OnnxValue LogSlope) Emit(IOnnxGraph graph, OnnxValue x)
    {
        var scaled = graph.Node("Div", [x, Number(graph, Unit)]);
        var decay = graph.Node("Exp", [graph.Node("Neg", [scaled])]);
        var logRest = graph.Node("Log", [graph.Node("Sub", [Number(graph, 1), decay])]);
        var (value, _) = Standard.Emit(graph, graph.Node("Add", [scaled, logRest]));
        double constant = -Math.Log(Unit) - Math.Log(Standard.Scale);
        return (value, graph.Node("Sub", [Number(graph, constant), logRest]));
    }

    internal override void Write(BinaryWriter writer) => Put(writer, Tag, Unit, Standard.Centre, Standard.Scale);
}
