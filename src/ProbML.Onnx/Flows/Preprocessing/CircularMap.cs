namespace ProbML.Flows;

/// <summary>z = 2π t − π, t the part after the point of (x − low) / period: an angle of that period, wherever it is counted from.</summary>
/// <remarks>Its density is that on the circle, per unit of x: it integrates to 1 over one period, and x and x + period have the same.</remarks>
/// <param name="Low">Where samples begin.</param>
/// <param name="Period">Above 0.</param>
public sealed record CircularMap(double Low, double Period) : ColumnMap
{
    internal const byte Tag = 5;

    /// <inheritdoc/>
    public override double Forward(double x)
    {
        double turns = (x - Low) / Period;
        return double.IsFinite(turns) ? 2 * Math.PI * (turns - Math.Floor(turns)) - Math.PI : double.NaN;
    }

    /// <summary>In [low, low + period).</summary>
    public override double Inverse(double z)
    {
        double turns = 0.5 + z / (2 * Math.PI), x = Low + Period * (turns - Math.Floor(turns));
        return x < Low + Period ? x : Low;
    }

    /// <inheritdoc/>
    public override double LogSlope(double x) => Math.Log(2 * Math.PI / Period);

    internal override (OnnxValue Value, OnnxValue LogSlope) Emit(IOnnxGraph graph, OnnxValue x)
    {
        var turns = graph.Node("Div", [graph.Node("Sub", [x, Number(graph, Low)]), Number(graph, Period)]);
        var part = graph.Node("Sub", [turns, graph.Node("Floor", [turns])]);
        var angle = graph.Node("Sub", [graph.Node("Mul", [part, Number(graph, 2 * Math.PI)]), Number(graph, Math.PI)]);
        return (angle, Number(graph, Math.Log(2 * Math.PI / Period)));
    }

    internal override void Write(BinaryWriter writer) => Put(writer, Tag, Low, Period);
}
