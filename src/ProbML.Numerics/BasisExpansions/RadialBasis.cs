namespace ProbML;

/// <summary>Gaussian bumps about rows of the data.</summary>
internal sealed record RadialBasis : BasisExpansion
{
    private readonly double lengthScale;

    public RadialBasis(int count, double lengthScale, int seed) =>
        (Count, this.lengthScale, Seed) = (Check(count, 1, 100_000, nameof(count)), Check(lengthScale, nameof(lengthScale)), seed);

    public override int Count { get; }

    internal override int Seed { get; }

    internal override int SampleSize => Count;

    /// <summary>The centres, [Count, d]; where there are fewer rows, rows again.</summary>
    internal override double[] Prepare(FeatureRanges ranges, IReadOnlyList<double[]> sample)
    {
        int d = ranges.Mean.Length;
        var centres = new double[Count * d];
        for (int k = 0; k < Count; k++)
            ranges.Standardise(sample[k % sample.Count], centres.AsSpan(k * d, d));
        return centres;
    }

    internal override void Evaluate(ReadOnlySpan<double> z, ReadOnlySpan<double> x, double[] prepared, Span<float> values)
    {
        for (int k = 0; k < Count; k++)
        {
            double distance = System.Numerics.Tensors.TensorPrimitives.Distance(z, prepared.AsSpan(k * z.Length, z.Length)) / lengthScale;
            values[k] = (float)Math.Exp(-0.5 * distance * distance);
        }
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(2);
        writer.Write(Count);
        writer.Write(lengthScale);
        writer.Write(Seed);
    }
}
