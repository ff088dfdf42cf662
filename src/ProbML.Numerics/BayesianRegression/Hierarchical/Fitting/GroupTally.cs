namespace ProbML.Fitting;

/// <summary>One pass over the groups: how many rows each has, which groups meet, and the weights.</summary>
internal sealed class GroupTally
{
    private readonly Dictionary<(int First, int Second), HashSet<long>> meetings = [];

    private readonly int[] places;

    private GroupTally(int[] places, IReadOnlyList<GroupingFactor> factors)
    {
        this.places = places;
        Counts = [.. places.Select(place => new long[factors[place].Levels.Count])];
    }

    /// <summary>Rows of positive weight.</summary>
    public long Rows { get; private set; }

    /// <summary>Σ ln w.</summary>
    public double SumOfLogWeights { get; private set; }

    /// <summary>The rows of each level, factor by factor.</summary>
    public long[][] Counts { get; }

    /// <summary>Counts the rows whose groups are all known.</summary>
    /// <param name="design">The rows.</param>
    /// <param name="places">The factors' places in a row's groups.</param>
    /// <param name="monitor">Cancellation.</param>
    public static GroupTally Of(Design design, int[] places, TrainingMonitor monitor)
    {
        var tally = new GroupTally(places, design.Groups);
        for (int k = 0; k < places.Length; k++)
        {
            for (int m = 0; m < k; m++)
                tally.meetings[(m, k)] = [];
        }
        var buffer = design.RentBuffer();
        using (var reader = design.OpenReader())
        {
            while (reader.Read(buffer))
            {
                monitor.ThrowIfCancelled();
                tally.Add(buffer.Block);
            }
        }
        design.ReturnBuffer(buffer);
        return tally;
    }

    /// <summary>The rows of each group of a factor that has any.</summary>
    public int[] RowsOf(MixedFactor factor) =>
        [.. Counts[Array.IndexOf(places, factor.Place)].Where(count => count > 0).Select(count => (int)Math.Min(count, int.MaxValue))];

    /// <summary>The pairs of groups that meet in a row, of two factors by their numbers here; by levels of the design.</summary>
    public IEnumerable<(int Left, int Right)> Meetings(int left, int right) => left < right
        ? meetings[(left, right)].Select(code => ((int)(code >> 32), (int)code))
        : meetings[(right, left)].Select(code => ((int)code, (int)(code >> 32)));

    private void Add(in RowBlock rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            bool known = rows.Weight(i) > 0;
            foreach (int place in places)
                known &= rows.Group(i, place) >= 0;
            if (!known)
                continue;
            Rows++;
            SumOfLogWeights += rows.Weights.IsEmpty ? 0 : Math.Log(rows.Weight(i));
            for (int k = 0; k < places.Length; k++)
            {
                int group = rows.Group(i, places[k]);
                Counts[k][group]++;
                for (int m = 0; m < k; m++)
                    meetings[(m, k)].Add(((long)rows.Group(i, places[m]) << 32) | (uint)group);
            }
        }
    }
}
