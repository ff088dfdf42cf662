namespace ProbML.Fitting;

/// <summary>Which fold, 1 to k, a row is held out in: each k consecutive rows are dealt to the k folds, at random.</summary>
/// <remarks>A function of seed and row number alone, so that folds need no memory and no order of reading.</remarks>
internal sealed class FoldAssignment(int folds, int seed)
{
    private readonly int[] deal = new int[folds];
    private long dealt = -1;

    /// <summary>The fold of a row, by its one-based number; not for several threads at once.</summary>
    public int Of(long row)
    {
        long group = (row - 1) / folds;
        if (group != dealt)
            Deal(group);
        return deal[(row - 1) % folds];
    }

    /// <summary>Shuffles 1..k (Fisher &amp; Yates) by the numbers that the group's hash starts.</summary>
    private void Deal(long group)
    {
        ulong state = Mix(unchecked((ulong)group * 0x9E3779B97F4A7C15UL) ^ Mix(unchecked((uint)seed) + 0x632BE59BD9B4E019UL));
        for (int i = 0; i < folds; i++)
        {
            state = unchecked(state + 0x9E3779B97F4A7C15UL);
            int place = (int)(Mix(state) % (ulong)(i + 1));
            deal[i] = deal[place];
            deal[place] = i + 1;
        }
        dealt = group;
    }

    /// <summary>SplitMix64's finaliser: Steele, Lea &amp; Flood (2014).</summary>
    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
