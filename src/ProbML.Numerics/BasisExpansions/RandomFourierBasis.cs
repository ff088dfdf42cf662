namespace ProbML;

/// <summary>Random cosines.</summary>
internal sealed record RandomFourierBasis : BasisExpansion
{
    private readonly double lengthScale;

    public RandomFourierBasis(int count, double lengthScale, int seed) =>
        (Count, this.lengthScale, Seed) = (Check(count, 1, 100_000, nameof(count)), Check(lengthScale, nameof(lengthScale)), seed);

    public override int Count { get; }

    internal override int Seed { get; }

    /// <summary>Frequencies [Count, d], then phases [Count].</summary>
    internal override double[] Prepare(FeatureRanges ranges, IReadOnlyList<double[]> sample)
    {
        int d = ranges.Mean.Length;
        var random = new Random(Seed);
        var numbers = new double[Count * (d + 1)];
        for (int i = 0; i < Count * d; i++)
            numbers[i] = RandomNormal.Draw(random) / lengthScale;
        for (int k = 0; k < Count; k++)
            numbers[Count * d + k] = 2 * Math.PI * random.NextDouble();
        return numbers;
    }

    internal override void Evaluate(ReadOnlySpan<double> z, ReadOnlySpan<double> x, double[] prepared, Span<float> values)
    {
        int d = z.Length;
        double scale = Math.Sqrt(2.0 / Count);
        for (int k = 0; k < Count; k++)
            values[k] = (float)(scale * Math.Cos(
                System.Numerics.Tensors.TensorPrimitives.Dot(z, prepared.AsSpan(k * d, d)) + prepared[Count * d + k]));
    }

    /// <remarks>cos t = sin(t + π/2), the one that ONNX Runtime has in double precision.</remarks>
    internal override OnnxReal Emit(OnnxReal z, OnnxReal x, double[] prepared)
    {
        int d = prepared.Length / Count - 1;
        var transposed = new double[Count * d];
        for (int k = 0; k < Count; k++)
        {
            for (int j = 0; j < d; j++)
                transposed[j * Count + k] = prepared[k * d + j];
        }
        double[] phases = [.. prepared[(Count * d)..].Select(phase => phase + Math.PI / 2)];
        return Math.Sqrt(2.0 / Count) * (z.Times(z.Scope.Constant(transposed, d, Count)) + z.Scope.Constant(phases, 1, Count)).Sin();
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(4);
        writer.Write(Count);
        writer.Write(lengthScale);
        writer.Write(Seed);
    }
}
