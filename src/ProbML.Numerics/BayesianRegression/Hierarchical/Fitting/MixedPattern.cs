namespace ProbML.Fitting;

/// <summary>Which groups of the border each group of the main factor meets in some row, ascending; and where their blocks are kept.</summary>
internal sealed class MixedPattern
{
    private readonly MixedLayout layout;
    private readonly int[] starts, groups;
    private readonly int[] offsets;                       // of the block [q, width] of each entry

    public MixedPattern(MixedLayout layout, IEnumerable<(int Main, int Border)> meetings)
    {
        this.layout = layout;
        starts = new int[layout.MainGroups + 1];
        var sorted = meetings.Distinct().Order().ToArray();
        groups = [.. sorted.Select(pair => pair.Border)];
        offsets = new int[groups.Length + 1];
        for (int e = 0; e < sorted.Length; e++)
        {
            starts[sorted[e].Main + 1]++;
            offsets[e + 1] = checked(offsets[e] + layout.Q * layout.WidthOf[groups[e]]);
        }
        for (int j = 0; j < layout.MainGroups; j++)
            starts[j + 1] += starts[j];
    }

    /// <summary>All blocks' numbers.</summary>
    public int Size => offsets[^1];

    /// <summary>The border groups that a main group meets.</summary>
    public ReadOnlySpan<int> Of(int main) => groups.AsSpan(starts[main]..starts[main + 1]);

    /// <summary>Where a main group's blocks start; each is [q, width] and they lie one behind the other.</summary>
    public int Offset(int main) => offsets[starts[main]];

    /// <summary>How many border columns a main group meets.</summary>
    public int Columns(int main) => (offsets[starts[main + 1]] - offsets[starts[main]]) / layout.Q;

    /// <summary>Where the block of a pair lies.</summary>
    public int Find(int main, int border) => offsets[starts[main] + Of(main).BinarySearch(border)];

    public void Write(BinaryWriter writer)
    {
        writer.WriteArray(starts);
        writer.WriteArray(groups);
    }

    public static MixedPattern Read(BinaryReader reader, MixedLayout layout)
    {
        int[] starts = reader.ReadInt32Array("groups that meet"), groups = reader.ReadInt32Array("groups that meet");
        if (starts.Length != layout.MainGroups + 1 || starts[0] != 0 || starts[^1] != groups.Length
            || Array.Exists(groups, group => group < 0 || group >= layout.BorderGroups))
            throw new FormatException("The groups that meet do not fit the groups: the model is damaged.");
        var meetings = new List<(int, int)>();
        for (int j = 0; j < layout.MainGroups; j++)
        {
            for (int e = starts[j]; e < starts[j + 1]; e++)
                meetings.Add((j, groups[e]));
        }
        return meetings.Count == groups.Length
            ? new(layout, meetings)
            : throw new FormatException("The groups that meet are out of order: the model is damaged.");
    }
}
