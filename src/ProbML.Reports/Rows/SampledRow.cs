namespace ProbML.Reports.Rows;

/// <summary>One of the rows that are held: what was observed, what was predicted, from what.</summary>
internal sealed record SampledRow
{
    /// <summary>What was observed: a number, 0 or 1, or the place of a class; NaN: not known.</summary>
    public double Label { get; init; } = double.NaN;

    /// <summary>The predicted mean; of two classes the probability of "true".</summary>
    public double Mean { get; init; } = double.NaN;

    public double StandardDeviation { get; init; } = double.NaN;

    public double LowerBound { get; init; } = double.NaN;

    public double UpperBound { get; init; } = double.NaN;

    public double Weight { get; init; } = 1;

    /// <summary>Quantiles, the probabilities of classes or a latent vector; empty: there are none.</summary>
    public double[] Vector { get; init; } = [];

    /// <summary>[d]; empty: the data have none.</summary>
    public double[] Features { get; init; } = [];

    /// <summary>The offset, and the logarithm of the exposure.</summary>
    public double Offset { get; init; }

    /// <summary>What the row is, in words; null: nobody asked.</summary>
    public string? Category { get; init; }

    /// <summary>The row's groups by factor.</summary>
    public IReadOnlyDictionary<string, string> Groups { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Its one-based place in the data.</summary>
    public long Number { get; init; }
}
