namespace ProbML.Evaluation;

/// <summary>Rows of similar predicted probability, and how often they came true.</summary>
/// <param name="Lower">The smallest probability of the bin.</param>
/// <param name="Upper">The largest.</param>
/// <param name="Rows">How many rows are in it.</param>
/// <param name="Weight">Their weight.</param>
/// <param name="MeanProbability">Their mean predicted probability; NaN in an empty bin.</param>
/// <param name="Frequency">The share of them that came true; NaN in an empty bin.</param>
public readonly record struct ReliabilityBin(
    double Lower, double Upper, long Rows, double Weight, double MeanProbability, double Frequency);

/// <summary>Predicted probabilities against frequencies, in bins of equal width.</summary>
/// <remarks>DeGroot &amp; Fienberg (1983); Murphy (1973) for the decomposition; Naeini et al. (2015) for the errors.</remarks>
public sealed class ReliabilityTable
{
    private readonly long[] rows;
    private readonly double[] weight, probability, positive;

    /// <summary>An empty table.</summary>
    /// <param name="bins">How many bins [0, 1] is cut into.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no bins.</exception>
    public ReliabilityTable(int bins = 15)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        rows = new long[bins];
        (weight, probability, positive) = (new double[bins], new double[bins], new double[bins]);
    }

    /// <summary>Takes a row in.</summary>
    /// <param name="predicted">The probability, in [0, 1].</param>
    /// <param name="isTrue">Whether it came true.</param>
    /// <param name="w">The weight of the row.</param>
    public void Add(double predicted, bool isTrue, double w = 1)
    {
        int bin = Math.Clamp((int)(predicted * rows.Length), 0, rows.Length - 1);
        rows[bin]++;
        weight[bin] += w;
        probability[bin] += w * predicted;
        positive[bin] += isTrue ? w : 0;
    }

    /// <summary>The bins, from 0 to 1.</summary>
    public IReadOnlyList<ReliabilityBin> Bins =>
    [
        .. rows.Select((count, b) => new ReliabilityBin(
            (double)b / rows.Length,
            (b + 1.0) / rows.Length,
            count,
            weight[b],
            probability[b] / weight[b],
            positive[b] / weight[b])),
    ];

    /// <summary>ECE = Σ (wᵦ/w) |frequency − mean probability|.</summary>
    public double ExpectedCalibrationError =>
        Enumerable.Range(0, rows.Length).Sum(b => Math.Abs(probability[b] - positive[b])) / weight.Sum();

    /// <summary>The largest |frequency − mean probability| of a bin with rows.</summary>
    public double MaximumCalibrationError => Enumerable.Range(0, rows.Length).Where(b => weight[b] > 0)
        .Select(b => Math.Abs(probability[b] - positive[b]) / weight[b]).DefaultIfEmpty(double.NaN).Max();

    /// <summary>Σ (wᵦ/w)(frequency − mean probability)²: what recalibration could save of the Brier score.</summary>
    public double Reliability => WeightedMean(b =>
        Square(probability[b] / weight[b] - positive[b] / weight[b]));

    /// <summary>Σ (wᵦ/w)(frequency − base rate)²: what telling the bins apart has saved of the Brier score.</summary>
    public double Resolution => WeightedMean(b => Square(positive[b] / weight[b] - BaseRate));

    /// <summary>The Brier score of always predicting the base rate, r (1 − r).</summary>
    public double Uncertainty => BaseRate * (1 - BaseRate);

    /// <summary>The share that came true.</summary>
    public double BaseRate => positive.Sum() / weight.Sum();

    private double WeightedMean(Func<int, double> ofBin) => Enumerable.Range(0, rows.Length)
        .Where(b => weight[b] > 0).Sum(b => weight[b] * ofBin(b)) / weight.Sum();

    private static double Square(double x) => x * x;
}
