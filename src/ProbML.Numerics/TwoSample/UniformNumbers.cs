using ProbML.DensityRatios;

namespace ProbML.TwoSample;

/// <summary>Uniform numbers in [0, 1) whose state is one integer: they go on where they were saved.</summary>
/// <remarks>SplitMix64: Steele, Lea &amp; Flood (2014).</remarks>
internal struct UniformNumbers(ulong state)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>What the next numbers follow from.</summary>
    public ulong State { get; private set; } = state;

    public double Next()
    {
        State = unchecked(State + Step);
        return (RowDealer.Mix(State) >> 11) * (1.0 / (1UL << 53));
    }
}
