using MathNet.Numerics.Distributions;

namespace ProbML.Flows;

/// <summary>N(μ, diag σ²).</summary>
/// <param name="Means">μ, [d].</param>
/// <param name="Deviations">σ, [d], above 0.</param>
public sealed record NormalNoise(IReadOnlyList<double> Means, IReadOnlyList<double> Deviations) : NoiseDistribution
{
    internal const byte Tag = 1;

    /// <inheritdoc/>
    public override int Dimension => Means.Count;

    private protected override bool IsSound =>
        Means.Count > 0 && Means.Count == Deviations.Count && Deviations.All(s => s > 0 && double.IsFinite(s));

    /// <inheritdoc/>
    public override void Sample(Random random, Span<double> noise)
    {
        for (int j = 0; j < Means.Count; j++)
            noise[j] = Normal.Sample(random, Means[j], Deviations[j]);
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Tag);
        writer.WriteArray(Means.ToArray());
        writer.WriteArray(Deviations.ToArray());
    }

    private protected override double OneQuantile(double probability) =>
        Means[0] + Deviations[0] * NormalDistribution.Quantile(probability);
}
