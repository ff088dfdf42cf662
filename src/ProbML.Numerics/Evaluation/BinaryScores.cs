namespace ProbML.Evaluation;

/// <summary>Proper scores of the predicted probability of "true", summed over rows in constant memory.</summary>
/// <param name="bins">How many bins the reliability table has.</param>
public sealed class BinaryScores(int bins = 15)
{
    private readonly ReliabilityTable table = new(bins);
    private MeanWithError logDensity, brier, correct;
    private long rows, skipped;

    /// <summary>Takes a row in. One whose probability is not in [0, 1], or whose weight is not positive, is skipped.</summary>
    /// <param name="isTrue">What was observed.</param>
    /// <param name="probability">P(true).</param>
    /// <param name="weight">The weight of the row.</param>
    /// <param name="logProbability">ln of the probability of what was observed where it is known better; NaN: from it.</param>
    public void Add(bool isTrue, double probability, double weight = 1, double logProbability = double.NaN)
    {
        if (!(probability is >= 0 and <= 1) || !(weight > 0))
        {
            skipped++;
            return;
        }
        rows++;
        double miss = isTrue ? 1 - probability : probability;
        logDensity.Add(double.IsNaN(logProbability) ? Math.Log(1 - miss) : logProbability, weight);
        brier.Add(miss * miss, weight);
        correct.Add(probability > 0.5 == isTrue ? 1 : 0, weight);
        table.Add(probability, isTrue, weight);
    }

    /// <summary>Leaves a row out, and counts it.</summary>
    public void Skip() => skipped++;

    /// <summary>The scores of the rows so far.</summary>
    public ProbabilisticBinaryMetrics Metrics => new()
    {
        Rows = rows,
        SkippedRows = skipped,
        MeanLogDensity = logDensity.Estimate,
        BrierScore = brier.Estimate,
        Accuracy = correct.Estimate,
        Reliability = table,
    };
}

/// <summary>How good predicted probabilities of "true" are.</summary>
public sealed record ProbabilisticBinaryMetrics
{
    /// <summary>The rows that were scored.</summary>
    public required long Rows { get; init; }

    /// <summary>The rows left out, for want of a label, a probability or a positive weight.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>The mean of ln p(y | x), in nats: minus the log loss; larger is better.</summary>
    public required Estimate MeanLogDensity { get; init; }

    /// <summary>The mean of (p − y)²; smaller is better.</summary>
    public required Estimate BrierScore { get; init; }

    /// <summary>The share of rows whose likelier class came true.</summary>
    public required Estimate Accuracy { get; init; }

    /// <summary>Probabilities against frequencies, with the calibration errors and the parts of the Brier score.</summary>
    public required ReliabilityTable Reliability { get; init; }
}
