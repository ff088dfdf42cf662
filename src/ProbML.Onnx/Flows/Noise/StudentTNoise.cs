namespace ProbML.Flows;

/// <summary>Independent Student-t columns of unit scale.</summary>
/// <param name="DegreesOfFreedom">ν, [d], above 0.</param>
public sealed record StudentTNoise(IReadOnlyList<double> DegreesOfFreedom) : NoiseDistribution
{
    internal const byte Tag = 2;

    /// <inheritdoc/>
    public override int Dimension => DegreesOfFreedom.Count;

    private protected override bool IsSound =>
        DegreesOfFreedom.Count > 0 && DegreesOfFreedom.All(nu => nu > 0 && double.IsFinite(nu));

    /// <inheritdoc/>
    public override void Sample(Random random, Span<double> noise)
    {
        for (int j = 0; j < DegreesOfFreedom.Count; j++)
            noise[j] = MathNet.Numerics.Distributions.StudentT.Sample(random, 0, 1, DegreesOfFreedom[j]);
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Tag);
        writer.WriteArray(DegreesOfFreedom.ToArray());
    }

    private protected override double OneQuantile(double probability) =>
        ProbML.StudentT.Quantile(probability, DegreesOfFreedom[0]);
}
