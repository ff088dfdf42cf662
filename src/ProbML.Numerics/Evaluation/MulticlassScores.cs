namespace ProbML.Evaluation;

/// <summary>Proper scores of the predicted probabilities of K classes, summed over rows in constant memory.</summary>
/// <param name="classCount">K.</param>
/// <param name="bins">How many bins a reliability table has.</param>
public sealed class MulticlassScores(int classCount, int bins = 15)
{
    private readonly ReliabilityTable top = new(bins);
    private readonly ReliabilityTable[] byClass =
        [.. Enumerable.Range(0, classCount).Select(_ => new ReliabilityTable(bins))];

    private MeanWithError logDensity, brier, ranked, correct;
    private long rows, skipped;

    /// <summary>Takes a row in. One with a probability not in [0, 1], or a weight that is not positive, is skipped.</summary>
    /// <param name="label">The class that was observed, from 0; −1: not known.</param>
    /// <param name="probabilities">[K].</param>
    /// <param name="weight">The weight of the row.</param>
    public void Add(int label, ReadOnlySpan<double> probabilities, double weight = 1)
    {
        bool isValid = label >= 0 && label < probabilities.Length && weight > 0;
        foreach (double p in probabilities)
            isValid &= p is >= 0 and <= 1;
        if (!isValid)
        {
            skipped++;
            return;
        }
        rows++;
        int best = 0;
        for (int k = 0; k < probabilities.Length; k++)
        {
            best = probabilities[k] > probabilities[best] ? k : best;
            byClass[k].Add(probabilities[k], k == label, weight);
        }
        top.Add(probabilities[best], best == label, weight);
        logDensity.Add(Math.Log(probabilities[label]), weight);
        brier.Add(ProperScores.Brier(probabilities, label), weight);
        ranked.Add(ProperScores.RankedProbability(probabilities, label), weight);
        correct.Add(best == label ? 1 : 0, weight);
    }

    /// <summary>The scores of the rows so far.</summary>
    public ProbabilisticMulticlassMetrics Metrics => new()
    {
        Rows = rows,
        SkippedRows = skipped,
        MeanLogDensity = logDensity.Estimate,
        BrierScore = brier.Estimate,
        RankedProbabilityScore = ranked.Estimate,
        Accuracy = correct.Estimate,
        TopReliability = top,
        ClassReliability = byClass,
    };
}

/// <summary>How good predicted probabilities of several classes are.</summary>
public sealed record ProbabilisticMulticlassMetrics
{
    /// <summary>The rows that were scored.</summary>
    public required long Rows { get; init; }

    /// <summary>The rows left out, for want of a label, a probability or a positive weight.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>The mean of ln p(y | x), in nats: minus the log loss; larger is better.</summary>
    public required Estimate MeanLogDensity { get; init; }

    /// <summary>The mean of Σₖ (pₖ − 1{y = k})²; smaller is better.</summary>
    public required Estimate BrierScore { get; init; }

    /// <summary>The mean of Σₖ (P(Y ≤ k) − 1{y ≤ k})², of use where the classes are in order; smaller is better.</summary>
    public required Estimate RankedProbabilityScore { get; init; }

    /// <summary>The share of rows whose likeliest class came true.</summary>
    public required Estimate Accuracy { get; init; }

    /// <summary>The probability of the likeliest class against how often it came true.</summary>
    public required ReliabilityTable TopReliability { get; init; }

    /// <summary>The same of each class's probability, [K].</summary>
    public required IReadOnlyList<ReliabilityTable> ClassReliability { get; init; }
}
