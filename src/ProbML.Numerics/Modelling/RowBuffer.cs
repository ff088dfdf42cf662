namespace ProbML;

/// <summary>Memory for one <see cref="RowBlock"/>, filled again and again.</summary>
public sealed class RowBuffer
{
    /// <summary>Entries beyond which a sparse buffer takes no further row.</summary>
    private const int MostEntries = 1 << 19;

    private readonly int[] rowStarts;
    private int[] indices = [];
    private double[] entries = [];

    /// <summary>Allocates room for <paramref name="capacity"/> rows of <paramref name="featureCount"/> features.</summary>
    /// <param name="capacity">The most rows.</param>
    /// <param name="featureCount">The features of a row.</param>
    /// <param name="sparse">Whether rows are added by <see cref="StartSparseRow"/> and <see cref="EndSparseRow"/>.</param>
    /// <param name="groupCount">The grouping factors of a row.</param>
    public RowBuffer(int capacity, int featureCount, bool sparse = false, int groupCount = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfNegative(featureCount);
        ArgumentOutOfRangeException.ThrowIfNegative(groupCount);
        GroupCount = groupCount;
        Groups = new int[checked(capacity * groupCount)];
        Capacity = capacity;
        FeatureCount = featureCount;
        IsSparse = sparse;
        Features = sparse ? [] : new double[checked(capacity * featureCount)];
        rowStarts = sparse ? new int[capacity + 1] : [];
        Response = new double[capacity];
        Weights = new double[capacity];
        Offsets = new double[capacity];
        RowNumbers = new long[capacity];
    }

    /// <summary>The most rows it holds.</summary>
    public int Capacity { get; }

    /// <summary>The number of features of a row.</summary>
    public int FeatureCount { get; }

    /// <summary>The number of grouping factors of a row, f.</summary>
    public int GroupCount { get; }

    /// <summary>The number of rows it holds now; its writer sets it.</summary>
    public int Count { get; set; }

    /// <summary>Whether it holds sparse rows.</summary>
    public bool IsSparse { get; }

    /// <summary>Whether it takes no further row: its rows are as many as it holds, or sparse with many entries.</summary>
    public bool IsFull => Count == Capacity || (IsSparse && rowStarts[Count] >= MostEntries);

    /// <summary>[capacity, d], row-major; empty where rows are sparse.</summary>
    public double[] Features { get; }

    /// <summary>[capacity].</summary>
    public double[] Response { get; }

    /// <summary>[capacity]; a writer without weights fills it with ones.</summary>
    public double[] Weights { get; }

    /// <summary>[capacity]; a writer without offsets fills it with zeros.</summary>
    public double[] Offsets { get; }

    /// <summary>[capacity]; one-based places in the source.</summary>
    public long[] RowNumbers { get; }

    /// <summary>[capacity, f]; places among the factors' levels.</summary>
    public int[] Groups { get; }

    /// <summary>The rows it holds now.</summary>
    public RowBlock Block => IsSparse
        ? new(
            Count,
            FeatureCount,
            rowStarts,
            indices,
            entries,
            Response.AsSpan(0, Count),
            Weights.AsSpan(0, Count),
            Offsets.AsSpan(0, Count),
            RowNumbers.AsSpan(0, Count))
        {
            Groups = Groups.AsSpan(0, Count * GroupCount),
            GroupCount = GroupCount,
        }
        : new(
            Count,
            FeatureCount,
            Features,
            Response.AsSpan(0, Count),
            Weights.AsSpan(0, Count),
            Offsets.AsSpan(0, Count),
            RowNumbers.AsSpan(0, Count))
        {
            Groups = Groups.AsSpan(0, Count * GroupCount),
            GroupCount = GroupCount,
        };

    /// <summary>Room for the entries of row <see cref="Count"/>, features ascending; <see cref="EndSparseRow"/> adds the row.</summary>
    /// <param name="most">The most entries the row may have.</param>
    /// <param name="features">Their features, [most].</param>
    /// <param name="values">Their values, [most].</param>
    public void StartSparseRow(int most, out Span<int> features, out Span<double> values)
    {
        int start = rowStarts[Count];
        if (entries.Length - start < most)
        {
            int length = Math.Max(start + most, Math.Max(1024, 2 * entries.Length));
            Array.Resize(ref indices, length);
            Array.Resize(ref entries, length);
        }
        features = indices.AsSpan(start, most);
        values = entries.AsSpan(start, most);
    }

    /// <summary>Adds row <see cref="Count"/>, whose response, weight, offset and number are in place.</summary>
    /// <param name="used">The entries it has.</param>
    public void EndSparseRow(int used)
    {
        rowStarts[Count + 1] = rowStarts[Count] + used;
        Count++;
    }
}
