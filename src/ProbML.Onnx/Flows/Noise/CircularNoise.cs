namespace ProbML.Flows;

/// <summary>Angles uniform on [−π, π), and other columns with a distribution of their own.</summary>
/// <param name="IsCircular">Which columns are angles, [d].</param>
/// <param name="Others">Of the other columns, in their order; null: there are none.</param>
public sealed record CircularNoise(IReadOnlyList<bool> IsCircular, NoiseDistribution? Others) : NoiseDistribution
{
    internal const byte Tag = 4;

    /// <inheritdoc/>
    public override int Dimension => IsCircular.Count;

    private protected override bool IsSound =>
        IsCircular.Contains(true) && IsCircular.Count(one => !one) == (Others?.Dimension ?? 0) && Others is not CircularNoise;

    /// <inheritdoc/>
    public override void Sample(Random random, Span<double> noise)
    {
        ArgumentNullException.ThrowIfNull(random);
        var rest = new double[Others?.Dimension ?? 0];
        Others?.Sample(random, rest);
        for (int j = 0, k = 0; j < IsCircular.Count; j++)
            noise[j] = IsCircular[j] ? (2 * random.NextDouble() - 1) * Math.PI : rest[k++];
    }

    internal static CircularNoise ReadParameters(BinaryReader reader)
    {
        double[] flags = reader.ReadDoubleArray("columns of noise");
        return new([.. flags.Select(flag => flag != 0)], reader.ReadBoolean() ? NoiseDistribution.Read(reader) : null);
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Tag);
        writer.WriteArray(IsCircular.Select(one => one ? 1.0 : 0).ToArray());
        writer.Write(Others is not null);
        Others?.Write(writer);
    }

    private protected override double OneQuantile(double probability) => (2 * probability - 1) * Math.PI;
}
