namespace ProbML;

/// <summary>A run of consecutive rows: features [n, d] row-major, and what is known besides of each row.</summary>
/// <remarks>Views into memory that its owner uses again: copy what must outlive the call.</remarks>
public readonly ref struct RowBlock
{
    /// <summary>Gathers views of <paramref name="count"/> rows.</summary>
    /// <param name="count">The number of rows n.</param>
    /// <param name="featureCount">The number of features d.</param>
    /// <param name="features">[n, d], row-major.</param>
    /// <param name="response">[n], or empty where the response is unknown (scoring).</param>
    /// <param name="weights">[n], or empty where every row has weight one.</param>
    /// <param name="offsets">[n], or empty where every offset is zero.</param>
    /// <param name="rowNumbers">[n], the rows' one-based places in the data they come from, or empty.</param>
    public RowBlock(
        int count,
        int featureCount,
        ReadOnlySpan<double> features,
        ReadOnlySpan<double> response = default,
        ReadOnlySpan<double> weights = default,
        ReadOnlySpan<double> offsets = default,
        ReadOnlySpan<long> rowNumbers = default)
    {
        Count = count;
        FeatureCount = featureCount;
        Features = features[..(count * featureCount)];
        Response = response;
        Weights = weights;
        Offsets = offsets;
        RowNumbers = rowNumbers;
    }

    /// <summary>The number of rows, n.</summary>
    public int Count { get; }

    /// <summary>The number of features, d.</summary>
    public int FeatureCount { get; }

    /// <summary>The features, [n, d], row-major.</summary>
    public ReadOnlySpan<double> Features { get; }

    /// <summary>The response, [n]; empty where it is unknown.</summary>
    public ReadOnlySpan<double> Response { get; }

    /// <summary>The prior weights, [n]; empty where all are one.</summary>
    public ReadOnlySpan<double> Weights { get; }

    /// <summary>What is added to the linear predictor, [n]; empty where all are zero.</summary>
    public ReadOnlySpan<double> Offsets { get; }

    /// <summary>The rows' one-based places in the source, [n]; empty where unknown.</summary>
    public ReadOnlySpan<long> RowNumbers { get; }

    /// <summary>The features of one row, [d].</summary>
    public ReadOnlySpan<double> Row(int index) => Features.Slice(index * FeatureCount, FeatureCount);

    /// <summary>The prior weight of one row.</summary>
    public double Weight(int index) => Weights.IsEmpty ? 1 : Weights[index];

    /// <summary>The offset of one row.</summary>
    public double Offset(int index) => Offsets.IsEmpty ? 0 : Offsets[index];

    /// <summary>The response of one row; NaN where it is unknown.</summary>
    public double ResponseOrNaN(int index) => Response.IsEmpty ? double.NaN : Response[index];

    /// <summary>The one-based place of one row in the source.</summary>
    public long RowNumber(int index) => RowNumbers.IsEmpty ? index + 1 : RowNumbers[index];
}
