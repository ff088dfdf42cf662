using MathNet.Numerics.Distributions;

namespace ProbML.Flows;

/// <summary>Σ πₖ N(μₖ, diag σₖ²).</summary>
/// <param name="Weights">π, [K], that sum to 1.</param>
/// <param name="Means">μ, [K, d], row-major.</param>
/// <param name="Deviations">σ, [K, d], row-major, above 0.</param>
public sealed record MixtureNoise(
    IReadOnlyList<double> Weights, IReadOnlyList<double> Means, IReadOnlyList<double> Deviations) : NoiseDistribution
{
    internal const byte Tag = 3;

    /// <inheritdoc/>
    public override int Dimension => Means.Count / Weights.Count;

    private protected override bool IsSound =>
        Weights.Count > 0 && Means.Count >= Weights.Count && Means.Count % Weights.Count == 0
        && Means.Count == Deviations.Count && Deviations.All(s => s > 0 && double.IsFinite(s))
        && Weights.All(weight => weight >= 0) && Math.Abs(Weights.Sum() - 1) < 1e-3;

    /// <inheritdoc/>
    public override void Sample(Random random, Span<double> noise)
    {
        double left = random.NextDouble() * Weights.Sum();
        int k = 0;
        while (k < Weights.Count - 1 && (left -= Weights[k]) >= 0)
            k++;
        for (int j = 0; j < Dimension; j++)
            noise[j] = Normal.Sample(random, Means[k * Dimension + j], Deviations[k * Dimension + j]);
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Tag);
        writer.WriteArray(Weights.ToArray());
        writer.WriteArray(Means.ToArray());
        writer.WriteArray(Deviations.ToArray());
    }

    private protected override double OneQuantile(double probability)
    {
        double z = NormalDistribution.Quantile(probability);
        double[] parts = [.. Means.Zip(Deviations, (mean, deviation) => mean + deviation * z)];
        return MixtureQuantile.Solve(new Law(this), probability, parts.Min(), parts.Max(), isDiscrete: false);
    }

    private readonly struct Law(MixtureNoise mixture) : IMixtureLaw
    {
        public double Cdf(double y)
        {
            double sum = 0;
            for (int k = 0; k < mixture.Weights.Count; k++)
                sum += mixture.Weights[k] * NormalDistribution.Cdf((y - mixture.Means[k]) / mixture.Deviations[k]);
            return sum;
        }
    }
}
