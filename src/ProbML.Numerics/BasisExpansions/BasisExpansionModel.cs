namespace ProbML;

/// <summary>A fitted basis expansion: φ(x), a vector for each row.</summary>
[ModelKey("BasisExpansion")]
public sealed partial class BasisExpansionModel : IScoringModel<BasisExpansionModel>
{
    private const int FormatVersion = 1;

    private readonly FeatureRanges ranges;
    private readonly double[] prepared;
    private readonly string output;

    internal BasisExpansionModel(string output, BasisExpansion basis, FeatureRanges ranges, double[] prepared) =>
        (this.output, Basis, this.ranges, this.prepared) = (output, basis, ranges, prepared);

    /// <summary>The functions.</summary>
    public BasisExpansion Basis { get; }

    /// <inheritdoc/>
    public int FeatureCount => ranges.Mean.Length;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => [new(output, Basis.Count)];

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        using var rented = new RentedNumbers(2 * FeatureCount);
        Span<double> z = rented.Take(FeatureCount), place = rented.Take(FeatureCount);
        for (int i = 0; i < rows.Count; i++)
        {
            ranges.Standardise(rows.Row(i), z);
            if (!double.IsFinite(System.Numerics.Tensors.TensorPrimitives.Sum<double>(z)))
            {
                outputs.Row(i).Fill(float.NaN);
                continue;
            }
            ranges.Place(rows.Row(i), place);
            Basis.Evaluate(z, place, prepared, outputs.Row(i));
        }
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        writer.Write(output);
        Basis.Write(writer);
        writer.WriteArray(ranges.Mean);
        writer.WriteArray(ranges.Deviation);
        writer.WriteArray(ranges.Least);
        writer.WriteArray(ranges.Largest);
        writer.WriteArray(prepared);
    }

    /// <inheritdoc/>
    public static BasisExpansionModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadVersion(FormatVersion, "basis expansion");
        string output = reader.ReadString();
        var basis = BasisExpansion.Read(reader);
        var ranges = new FeatureRanges(
            reader.ReadDoubleArray("means"), reader.ReadDoubleArray("deviations"), reader.ReadDoubleArray("least values"),
            reader.ReadDoubleArray("largest values"));
        double[] prepared = reader.ReadDoubleArray("centres");
        int d = ranges.Mean.Length;
        bool fits = ranges.Deviation.Length == d && ranges.Least.Length == d && ranges.Largest.Length == d
            && (basis.Dimension == 0 || basis.Dimension == d)
            && prepared.Length == basis switch { RadialBasis => basis.Count * d, RandomFourierBasis => basis.Count * (d + 1), NystromBasis => basis.Count * (d + basis.Count), _ => 0 };
        return fits
            ? new(output, basis, ranges, prepared)
            : throw new FormatException("The basis expansion's parts do not fit each other: it is damaged.");
    }
}
