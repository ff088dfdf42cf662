using MathNet.Numerics.Distributions;

namespace ProbML.Vae;

/// <summary>Standard normal noise for a row, from a seed and what the row holds: the same wherever the row stands.</summary>
internal static class RowNoise
{
    /// <summary>Randomness for a row.</summary>
    public static Random Of(int seed, ReadOnlySpan<double> row)
    {
        ulong hash = 0x9E3779B97F4A7C15UL ^ (uint)seed;
        foreach (double value in row)
        {
            ulong bits = double.IsNaN(value) ? 1 : BitConverter.DoubleToUInt64Bits(value + 0.0);   // one NaN, one zero
            hash = (hash ^ bits) * 0xD6E8FEB86659FD93UL;
            hash ^= hash >> 32;
        }
        return new((int)(hash ^ (hash >> 29)));
    }

    public static void Fill(Random random, double[] noise) => Normal.Samples(random, noise, 0, 1);
}
