namespace ProbML;

/// <summary>A run of consecutive rows: features [n, d] row-major or sparse, and what is known besides of each row.</summary>
/// <remarks>
/// Views into memory that its owner uses again: copy what must outlive the call. Rows are sparse only for those who ask for
/// sparse rows: <see cref="Design.SumSparse"/>, <see cref="ISparseScoringModel"/>.
/// </remarks>
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

    /// <summary>Gathers views of <paramref name="count"/> sparse rows (compressed sparse rows, CSR).</summary>
    /// <param name="count">The number of rows n.</param>
    /// <param name="featureCount">The number of features d.</param>
    /// <param name="rowStarts">[n + 1]: row i has the entries rowStarts[i] to rowStarts[i + 1] − 1.</param>
    /// <param name="indices">The entries' features, strictly ascending within a row.</param>
    /// <param name="entries">The entries' values; features without an entry are zero.</param>
    /// <param name="response">[n], or empty where the response is unknown (scoring).</param>
    /// <param name="weights">[n], or empty where every row has weight one.</param>
    /// <param name="offsets">[n], or empty where every offset is zero.</param>
    /// <param name="rowNumbers">[n], the rows' one-based places in the data they come from, or empty.</param>
    public RowBlock(
        int count,
        int featureCount,
        ReadOnlySpan<int> rowStarts,
        ReadOnlySpan<int> indices,
        ReadOnlySpan<double> entries,
        ReadOnlySpan<double> response = default,
        ReadOnlySpan<double> weights = default,
        ReadOnlySpan<double> offsets = default,
        ReadOnlySpan<long> rowNumbers = default)
    {
        Count = count;
        FeatureCount = featureCount;
        RowStarts = rowStarts[..(count + 1)];
        Indices = indices;
        Entries = entries;
        Response = response;
        Weights = weights;
        Offsets = offsets;
        RowNumbers = rowNumbers;
    }

    /// <summary>The number of rows, n.</summary>
    public int Count { get; }

    /// <summary>The number of features, d.</summary>
    public int FeatureCount { get; }

    /// <summary>The features, [n, d], row-major; empty where the rows are sparse.</summary>
    public ReadOnlySpan<double> Features { get; }

    /// <summary>Whether the features are given by <see cref="RowStarts"/>, <see cref="Indices"/> and <see cref="Entries"/>.</summary>
    public bool IsSparse => !RowStarts.IsEmpty;

    /// <summary>Where each sparse row's entries start, and at the end where the last one's end, [n + 1]; else empty.</summary>
    public ReadOnlySpan<int> RowStarts { get; }

    /// <summary>The features of sparse rows' entries, strictly ascending within a row.</summary>
    public ReadOnlySpan<int> Indices { get; }

    /// <summary>The values of sparse rows' entries.</summary>
    public ReadOnlySpan<double> Entries { get; }

    /// <summary>The response, [n]; empty where it is unknown.</summary>
    public ReadOnlySpan<double> Response { get; }

    /// <summary>The prior weights, [n]; empty where all are one.</summary>
    public ReadOnlySpan<double> Weights { get; }

    /// <summary>What is added to the linear predictor, [n]; empty where all are zero.</summary>
    public ReadOnlySpan<double> Offsets { get; }

    /// <summary>The rows' one-based places in the source, [n]; empty where unknown.</summary>
    public ReadOnlySpan<long> RowNumbers { get; }

    /// <summary>The rows' groups, [n, f] by rows, as places among the levels of f factors; empty where there are none.</summary>
    public ReadOnlySpan<int> Groups { get; init; }

    /// <summary>The number of grouping factors, f.</summary>
    public int GroupCount { get; init; }

    /// <summary>The features of one row, [d]; not of a sparse one.</summary>
    public ReadOnlySpan<double> Row(int index) => Features.Slice(index * FeatureCount, FeatureCount);

    /// <summary>The prior weight of one row.</summary>
    public double Weight(int index) => Weights.IsEmpty ? 1 : Weights[index];

    /// <summary>The offset of one row.</summary>
    public double Offset(int index) => Offsets.IsEmpty ? 0 : Offsets[index];

    /// <summary>The group of one row by a factor; <see cref="GroupingFactor.Unknown"/> where it is not known.</summary>
    public int Group(int index, int factor) => Groups.IsEmpty ? GroupingFactor.Unknown : Groups[index * GroupCount + factor];

    /// <summary>The response of one row; NaN where it is unknown.</summary>
    public double ResponseOrNaN(int index) => Response.IsEmpty ? double.NaN : Response[index];

    /// <summary>The one-based place of one row in the source.</summary>
    public long RowNumber(int index) => RowNumbers.IsEmpty ? index + 1 : RowNumbers[index];
}
