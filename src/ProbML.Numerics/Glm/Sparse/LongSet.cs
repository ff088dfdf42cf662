using System.Numerics;

namespace ProbML.Fitting;

/// <summary>A set of numbers ≥ 0 that is emptied and filled again and again: open addressing, its memory kept.</summary>
internal sealed class LongSet
{
    private long[] slots = new long[1024];                // number + 1; 0 is free

    /// <summary>The size of the set.</summary>
    public int Count { get; private set; }

    public void Clear()
    {
        if (Count > 0)
            Array.Clear(slots);
        Count = 0;
    }

    public void Add(long number)
    {
        if (!Insert(slots, number + 1))
            return;
        if (++Count > slots.Length / 2)
            Grow();
    }

    public void UnionWith(LongSet other)
    {
        foreach (long slot in other.slots)
        {
            if (slot != 0)
                Add(slot - 1);
        }
    }

    /// <summary>The numbers, ascending.</summary>
    public long[] Sorted()
    {
        long[] numbers = [.. slots.Where(slot => slot != 0).Select(slot => slot - 1)];
        Array.Sort(numbers);
        return numbers;
    }

    private void Grow()
    {
        var larger = new long[2 * slots.Length];
        foreach (long slot in slots)
        {
            if (slot != 0)
                Insert(larger, slot);
        }
        slots = larger;
    }

    private static bool Insert(long[] slots, long value)
    {
        int shift = 64 - BitOperations.Log2((uint)slots.Length), mask = slots.Length - 1;
        int at = (int)((ulong)value * 0x9E3779B97F4A7C15 >> shift);      // Fibonacci hashing: Knuth, vol. 3, §6.4
        while (slots[at] != 0)
        {
            if (slots[at] == value)
                return false;
            at = (at + 1) & mask;
        }
        slots[at] = value;
        return true;
    }
}
