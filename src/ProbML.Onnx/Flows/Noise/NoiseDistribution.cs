namespace ProbML.Flows;

/// <summary>The distribution of a flow's noise u, of d columns: what samples are made from.</summary>
public abstract record NoiseDistribution
{
    private const string What = "parameters of noise";

    private protected NoiseDistribution()
    {
    }

    /// <summary>d.</summary>
    public abstract int Dimension { get; }

    /// <summary>Draws u ~ b, [d].</summary>
    public abstract void Sample(Random random, Span<double> noise);

    /// <summary>u with P(U ≤ u) = p, for noise of one column.</summary>
    /// <param name="probability">p, in (0, 1).</param>
    /// <exception cref="NotSupportedException">There is more than one column.</exception>
    public double Quantile(double probability)
    {
        if (Dimension != 1)
            throw new NotSupportedException($"Noise of {Dimension} columns has no quantiles.");
        return probability is > 0 and < 1
            ? OneQuantile(probability)
            : throw new ArgumentOutOfRangeException(
                nameof(probability), $"A probability must lie in (0, 1), but is {probability}.");
    }

    internal abstract void Write(BinaryWriter writer);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">There is no such distribution.</exception>
    internal static NoiseDistribution Read(BinaryReader reader) => reader.ReadByte() switch
    {
        NormalNoise.Tag => new NormalNoise(reader.ReadDoubleArray(What), reader.ReadDoubleArray(What)).Checked(),
        StudentTNoise.Tag => new StudentTNoise(reader.ReadDoubleArray(What)).Checked(),
        MixtureNoise.Tag => new MixtureNoise(reader.ReadDoubleArray(What), reader.ReadDoubleArray(What), reader.ReadDoubleArray(What)).Checked(),
        CircularNoise.Tag => CircularNoise.ReadParameters(reader).Checked(),
        var tag => throw new FormatException($"The saved flow is damaged: it has no noise of kind {tag}."),
    };

    private protected abstract double OneQuantile(double probability);

    private protected abstract bool IsSound { get; }

    private NoiseDistribution Checked() => IsSound
        ? this
        : throw new FormatException("The saved flow is damaged: the parameters of its noise are not what they can be.");
}
