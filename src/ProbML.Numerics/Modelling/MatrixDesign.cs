namespace ProbML;

/// <summary>A design held in memory: a matrix of features, row-major, and vectors beside it.</summary>
/// <remarks>Nothing is copied: the arrays must not change while a model is fitted.</remarks>
public sealed class MatrixDesign : Design
{
    private readonly double[] features;
    private readonly double[]? response;
    private readonly int rows;
    private readonly double[]? weights;
    private readonly double[]? offsets;
    private readonly IReadOnlyList<GroupingFactor> groups = [];

    /// <summary>Takes a matrix of features [n, d] and what goes with its rows.</summary>
    /// <param name="features">[n, d], row-major.</param>
    /// <param name="response">[n].</param>
    /// <param name="featureNames">[d]; null: x1, x2, ...</param>
    /// <param name="weights">[n], or null: all one.</param>
    /// <param name="offsets">[n], or null: all zero.</param>
    /// <param name="responseName">What messages call the response.</param>
    /// <exception cref="ArgumentException">Lengths do not fit together.</exception>
    public MatrixDesign(
        double[] features,
        double[] response,
        IReadOnlyList<string>? featureNames = null,
        double[]? weights = null,
        double[]? offsets = null,
        string responseName = "y")
        : base(featureNames ?? Names(features, response), responseName)
    {
        if (features.Length != (long)response.Length * FeatureCount)
            throw new ArgumentException(
                $"{response.Length} rows of {FeatureCount} features are {(long)response.Length * FeatureCount} numbers, "
                + $"but there are {features.Length}.",
                nameof(features));
        if (weights is not null && weights.Length != response.Length)
            throw new ArgumentException($"{weights.Length} weights for {response.Length} rows.", nameof(weights));
        if (offsets is not null && offsets.Length != response.Length)
            throw new ArgumentException($"{offsets.Length} offsets for {response.Length} rows.", nameof(offsets));
        (this.features, this.response, this.weights, this.offsets) = (features, response, weights, offsets);
        rows = response.Length;
    }

    private MatrixDesign(double[] features, IReadOnlyList<string> featureNames, double[]? weights)
        : base(featureNames, "")
    {
        rows = features.Length / FeatureCount;
        if (features.Length != (long)rows * FeatureCount)
            throw new ArgumentException(
                $"{features.Length} numbers are no whole rows of {FeatureCount} features.", nameof(features));
        if (weights is not null && weights.Length != rows)
            throw new ArgumentException($"{weights.Length} weights for {rows} rows.", nameof(weights));
        (this.features, this.weights) = (features, weights);
    }

    /// <summary>Takes a matrix of features [n, d] that have no response; NaN is a value that was not observed.</summary>
    /// <param name="features">[n, d], row-major.</param>
    /// <param name="featureNames">[d], d ≥ 1.</param>
    /// <param name="weights">[n], or null: all one.</param>
    /// <exception cref="ArgumentException">Lengths do not fit together.</exception>
    public static MatrixDesign WithoutResponse(
        double[] features, IReadOnlyList<string> featureNames, double[]? weights = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(featureNames);
        ArgumentOutOfRangeException.ThrowIfZero(featureNames.Count, nameof(featureNames));
        return new(features, featureNames, weights);
    }

    /// <summary>The groups of the rows, a column a factor.</summary>
    /// <exception cref="ArgumentException">A column has not one place for each row, or a place that is no level's.</exception>
    public IReadOnlyList<GroupColumn> GroupColumns
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (var column in value)
            {
                if (column.Places.Count != rows)
                    throw new ArgumentException(
                        $"'{column.Factor.Name}' has groups for {column.Places.Count} rows, but there are {rows}.", nameof(value));
                int levels = column.Factor.Levels.Count;
                for (int i = 0; i < rows; i++)
                {
                    if (column.Places[i] < GroupingFactor.Unknown || column.Places[i] >= levels)
                        throw new ArgumentException(
                            $"Row {i + 1} of '{column.Factor.Name}' has the group {column.Places[i]}, but places are 0 to {levels - 1}, "
                            + "or -1 for none.", nameof(value));
                }
            }
            field = value;
            groups = [.. value.Select(column => column.Factor)];
        }
    } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<GroupingFactor> Groups => groups;

    /// <inheritdoc/>
    public override bool HasResponse => response is not null;

    /// <inheritdoc/>
    public override bool HasWeights => weights is not null;

    /// <inheritdoc/>
    public override bool HasOffsets => offsets is not null;

    /// <inheritdoc/>
    public override IDesignReader OpenReader() => new Reader(this);

    private static string[] Names(double[] features, double[] response)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(response);
        int d = response.Length == 0 ? 0 : features.Length / response.Length;
        return [.. Enumerable.Range(1, d).Select(j => $"x{j}")];
    }

    private sealed class Reader(MatrixDesign design) : IDesignReader
    {
        private int next;

        public bool Read(RowBuffer buffer)
        {
            int n = Math.Min(buffer.Capacity, design.rows - next), d = design.FeatureCount;
            buffer.Count = n;
            if (n == 0)
                return false;
            design.features.AsSpan(next * d, n * d).CopyTo(buffer.Features);
            if (design.response is null)
                buffer.Response.AsSpan(0, n).Fill(double.NaN);
            else
                design.response.AsSpan(next, n).CopyTo(buffer.Response);
            if (design.weights is null)
                buffer.Weights.AsSpan(0, n).Fill(1);
            else
                design.weights.AsSpan(next, n).CopyTo(buffer.Weights);
            if (design.offsets is null)
                buffer.Offsets.AsSpan(0, n).Clear();
            else
                design.offsets.AsSpan(next, n).CopyTo(buffer.Offsets);
            for (int i = 0; i < n; i++)
                buffer.RowNumbers[i] = next + i + 1;
            if (buffer.GroupCount == design.groups.Count)
                ReadGroups(buffer, n);
            next += n;
            return true;
        }

        private void ReadGroups(RowBuffer buffer, int count)
        {
            for (int k = 0; k < buffer.GroupCount; k++)
            {
                var places = design.GroupColumns[k].Places;
                for (int i = 0; i < count; i++)
                    buffer.Groups[i * buffer.GroupCount + k] = places[next + i];
            }
        }

        public void Dispose() => next = design.rows;
    }
}
