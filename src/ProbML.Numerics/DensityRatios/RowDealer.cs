namespace ProbML.DensityRatios;

/// <summary>Deals rows to folds by what they hold, so that equal rows are never on both sides.</summary>
internal readonly record struct RowDealer(int Seed, int Folds)
{
    /// <summary>A hash of a row's features and the seed.</summary>
    public ulong Hash(ReadOnlySpan<double> x)
    {
        ulong hash = unchecked((ulong)Seed * 0x9E3779B97F4A7C15 + 1);
        foreach (double value in x)
        {
            hash ^= (ulong)BitConverter.DoubleToInt64Bits(value + 0.0);      // −0 is 0
            hash = Mix(hash);
        }
        return hash;
    }

    public int Fold(ulong hash) => FoldOf(hash, Folds);

    public static int FoldOf(ulong hash, int folds) => folds == 0 ? -1 : (int)((hash >> 33) % (uint)folds);

    /// <summary>The finaliser of SplitMix64 (Steele, Lea &amp; Flood 2014).</summary>
    public static ulong Mix(ulong hash)
    {
        hash = unchecked((hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9);
        hash = unchecked((hash ^ (hash >> 27)) * 0x94D049BB133111EB);
        return hash ^ (hash >> 31);
    }
}
