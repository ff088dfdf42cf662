namespace ProbML;

/// <summary>Independent seeds from one: each purpose, and each epoch, has a stream of its own.</summary>
internal static class TrainingSeeds
{
    public const int Steps = 1, Shuffle = 2, Validation = 3, Split = 4;

    /// <summary>A seed of a purpose.</summary>
    /// <remarks>Steele, Lea and Flood (2014): SplitMix64's finaliser.</remarks>
    public static int Derive(int seed, int purpose, long index = 0)
    {
        ulong mixed = Mix(Mix(Mix((uint)seed) + (uint)purpose) + (ulong)index);
        return (int)(mixed & 0x7fffffff);
    }

    /// <summary>An order of the numbers in place, by seed.</summary>
    public static void Shuffled(Span<long> numbers, int seed)
    {
        var random = new Random(seed);
        for (int i = numbers.Length - 1; i > 0; i--)
        {
            int j = random.Next(i + 1);
            (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
        }
    }

    private static ulong Mix(ulong state)
    {
        ulong z = state + 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
