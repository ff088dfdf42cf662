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

    /// <remarks>|z − c|² = |z|² − 2 zᵀc + |c|².</remarks>
    internal override OnnxReal Emit(OnnxReal z, OnnxReal x, double[] prepared)
    {
        int d = prepared.Length / Count;
        double[] transposed = new double[prepared.Length], squares = new double[Count];
        for (int k = 0; k < Count; k++)
        {
            for (int j = 0; j < d; j++)
                (transposed[j * Count + k], squares[k]) = (prepared[k * d + j], squares[k] + prepared[k * d + j] * prepared[k * d + j]);
        }
        var product = z.Times(z.Scope.Constant(transposed, d, Count));
        var distance = ((z * z).RowSum() - 2 * product + z.Scope.Constant(squares, 1, Count)).Max(0);
        return (-0.5 / (lengthScale * lengthScale) * distance).Exp();
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(2);
        writer.Write(Count);
        writer.Write(lengthScale);
        writer.Write(Seed);
    }
}
