namespace ProbML.Flows;

/// <summary>z = g(x): a fixed rising map (of an angle: rising over its period) of a column to numbers of about unit size, in Double, its slope part of the density.</summary>
/// <remarks>ln p(x) = ln p(z) + ln g′(x): densities are those of the columns as they are.</remarks>
public abstract record ColumnMap
{
    private const string What = "preprocessing";

    private protected ColumnMap()
    {
    }

    /// <summary>g(x); NaN outside of the column's support.</summary>
    public abstract double Forward(double x);

    /// <summary>g⁻¹(z).</summary>
    public abstract double Inverse(double z);

    /// <summary>ln g′(x).</summary>
    public abstract double LogSlope(double x);

    /// <summary>Adds g(x) and ln g′(x) of a column, [n, 1] of Double, to a graph.</summary>
    internal abstract (OnnxValue Value, OnnxValue LogSlope) Emit(IOnnxGraph graph, OnnxValue x);

    internal abstract void Write(BinaryWriter writer);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">There is no such map.</exception>
    internal static ColumnMap Read(BinaryReader reader)
    {
        byte tag = reader.ReadByte();
        double[] numbers = reader.ReadDoubleArray(What);
        return (tag, numbers) switch
        {
            (StandardMap.Tag, [var centre, > 0 and var scale]) => new StandardMap(centre, scale),
            (LogitMap.Tag, [var low, var high, var centre, > 0 and var scale]) when high > low =>
                new LogitMap(low, high, new(centre, scale)),
            (SoftplusMap.Tag, [> 0 and var unit, var centre, > 0 and var scale]) => new SoftplusMap(unit, new(centre, scale)),
            (CircularMap.Tag, [var low, > 0 and var period]) => new CircularMap(low, period),
            (QuantileMap.Tag, { Length: >= 4 }) when numbers.Length % 2 == 0 && QuantileMap.Rises(numbers) =>
                new QuantileMap(numbers[..(numbers.Length / 2)], numbers[(numbers.Length / 2)..]),
            _ => throw new FormatException("The saved flow is damaged: there is no such preprocessing."),
        };
    }

    private protected static OnnxValue Number(IOnnxGraph graph, double value) => graph.Constant([value], []);

    private protected static void Put(BinaryWriter writer, byte tag, params ReadOnlySpan<double> numbers)
    {
        writer.Write(tag);
        writer.WriteArray(numbers);
    }
}

/// <summary>z = (x − c) / s.</summary>
/// <param name="Centre">c.</param>
/// <param name="Scale">s, above 0.</param>
public sealed record StandardMap(double Centre, double Scale) : ColumnMap
{
    internal const byte Tag = 1;

    /// <inheritdoc/>
    public override double Forward(double x) => (x - Centre) / Scale;

    /// <inheritdoc/>
    public override double Inverse(double z) => Centre + Scale * z;

    /// <inheritdoc/>
    public override double LogSlope(double x) => -Math.Log(Scale);

    internal override (OnnxValue Value, OnnxValue LogSlope) Emit(IOnnxGraph graph, OnnxValue x)
    {
        var centred = graph.Node("Sub", [x, Number(graph, Centre)]);
        return (graph.Node("Div", [centred, Number(graph, Scale)]), Number(graph, -Math.Log(Scale)));
    }

    internal override void Write(BinaryWriter writer) => Put(writer, Tag, Centre, Scale);
}
