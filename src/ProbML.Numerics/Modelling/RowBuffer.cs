namespace ProbML;

/// <summary>Memory for one <see cref="RowBlock"/>, filled again and again.</summary>
public sealed class RowBuffer
{
    /// <summary>Allocates room for <paramref name="capacity"/> rows of <paramref name="featureCount"/> features.</summary>
    public RowBuffer(int capacity, int featureCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfNegative(featureCount);
        Capacity = capacity;
        FeatureCount = featureCount;
        Features = new double[checked(capacity * featureCount)];
        Response = new double[capacity];
        Weights = new double[capacity];
        Offsets = new double[capacity];
        RowNumbers = new long[capacity];
    }

    /// <summary>The most rows it holds.</summary>
    public int Capacity { get; }

    /// <summary>The number of features of a row.</summary>
    public int FeatureCount { get; }

    /// <summary>The number of rows it holds now; its writer sets it.</summary>
    public int Count { get; set; }

    /// <summary>[capacity, d], row-major.</summary>
    public double[] Features { get; }

    /// <summary>[capacity].</summary>
    public double[] Response { get; }

    /// <summary>[capacity]; a writer without weights fills it with ones.</summary>
    public double[] Weights { get; }

    /// <summary>[capacity]; a writer without offsets fills it with zeros.</summary>
    public double[] Offsets { get; }

    /// <summary>[capacity]; one-based places in the source.</summary>
    public long[] RowNumbers { get; }

    /// <summary>The rows it holds now.</summary>
    public RowBlock Block => new(
        Count,
        FeatureCount,
        Features,
        Response.AsSpan(0, Count),
        Weights.AsSpan(0, Count),
        Offsets.AsSpan(0, Count),
        RowNumbers.AsSpan(0, Count));
}
