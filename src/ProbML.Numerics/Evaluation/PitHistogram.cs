namespace ProbML.Evaluation;

/// <summary>The probability integral transforms u = F(y) of the data, in bins: flat where predictions are calibrated.</summary>
/// <remarks>Dawid (1984); Gneiting, Balabdaoui &amp; Raftery (2007): a hump is too wide, a bowl too narrow, a slope biased.</remarks>
public sealed class PitHistogram
{
    private readonly double[] shares;

    internal PitHistogram(double[] shares, double mean, double variance) =>
        (this.shares, Mean, Variance) = (shares, mean, variance);

    /// <summary>The share of rows in each of equally wide bins of [0, 1]; 1 / count each where calibrated.</summary>
    public IReadOnlyList<double> Shares => shares;

    /// <summary>The mean of u: ½ where calibrated.</summary>
    public double Mean { get; }

    /// <summary>The variance of u: 1/12 where calibrated, more where predictions are too narrow.</summary>
    public double Variance { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', shares.Select(share => $"{share:P1}"));
}
