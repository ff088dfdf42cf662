namespace ProbML.TwoSample;

/// <summary>What a classifier of two samples came to on rows it had not seen.</summary>
/// <param name="Rows">The rows it was tried on.</param>
/// <param name="Accuracy">The share it told right, at even odds.</param>
/// <param name="AreaUnderCurve">The probability that it ranks a row of the first sample above one of the second; ½ is chance.</param>
/// <param name="PValue">Of the area, by the rank-sum test, one-sided: the test to go by, for it loses least.</param>
/// <param name="AccuracyPValue">Of the accuracy, by the binomial distribution, exact and one-sided.</param>
public sealed record ClassifierTwoSampleResult(
    int Rows, double Accuracy, double AreaUnderCurve, double PValue, double AccuracyPValue);

/// <summary>Tests whether two samples come from one distribution by training a classifier to tell them apart.</summary>
/// <remarks>
/// Lopez-Paz &amp; Oquab (2017), Revisiting classifier two-sample tests. One half of the rows trains, the other is ranked: under the
/// null the ranks are exchangeable, whatever the classifier, so the level holds.
/// </remarks>
public static class ClassifierTwoSampleTest
{
    /// <summary>Trains the density-ratio classifier on one half, and tests on the other.</summary>
    /// <param name="first">[n, d], row-major, n ≥ 4.</param>
    /// <param name="second">[m, d], m ≥ 4.</param>
    /// <param name="featureCount">d.</param>
    /// <param name="options">The classifier; null: one component, of a shape that held-out rows choose.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentException">A sample is too small, or has a number that is not finite.</exception>
    public static ClassifierTwoSampleResult Test(
        double[] first, double[] second, int featureCount, DensityRatioOptions? options = null, TrainingMonitor? monitor = null)
    {
        options ??= new() { Components = 1 };
        var (n, m) = SampleCheck.Rows(first, second, featureCount, least: 4);
        var random = new Random(options.Seed ?? 1);
        var (trainX, testX) = Halves(first, n);
        var (trainY, testY) = Halves(second, m);
        var function = new DensityRatioFitter(options).FitOnce(
            new MatrixDesign(
                [.. trainX, .. trainY],
                [.. Enumerable.Repeat(1.0, trainX.Length / featureCount), .. Enumerable.Repeat(0.0, trainY.Length / featureCount)]),
            monitor ?? TrainingMonitor.None);
        return FromScores(Scores(testX), Scores(testY));

        (double[] Train, double[] Test) Halves(double[] rows, int count)
        {
            int[] order = [.. Enumerable.Range(0, count)];
            random.Shuffle(order);
            double[] Pick(IEnumerable<int> places) =>
                [.. places.SelectMany(place => rows[(place * featureCount)..((place + 1) * featureCount)])];
            return (Pick(order.Take(count / 2)), Pick(order.Skip(count / 2)));
        }

        double[] Scores(double[] rows) =>
            [.. Enumerable.Range(0, rows.Length / featureCount)
                .Select(i => function.LogRatio(rows.AsSpan(i * featureCount, featureCount)))];
    }

    /// <summary>Tests the scores of any classifier on rows it was not trained on.</summary>
    /// <param name="first">Scores of rows of the first sample, larger the likelier it thinks them of it; 0 at even odds.</param>
    /// <param name="second">Scores of rows of the second.</param>
    /// <exception cref="ArgumentException">A sample is empty, or a score is NaN.</exception>
    public static ClassifierTwoSampleResult FromScores(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var (n, m) = (first.Length, second.Length);
        if (n == 0 || m == 0 || first.ContainsAnyNaN() || second.ContainsAnyNaN())
            throw new ArgumentException($"Scores of {n} and {m} rows: both samples must have some, and none may be NaN.");
        double correct = 0;
        foreach (double score in first)
            correct += score > 0 ? 1 : score == 0 ? 0.5 : 0;
        foreach (double score in second)
            correct += score < 0 ? 1 : score == 0 ? 0.5 : 0;
        var (area, p) = RankSum(first, second);
        // Unequal samples: the accuracy of chance is that of always naming the larger one.
        double chance = Math.Max(n, m) / ((double)n + m);
        return new(n + m, correct / (n + m), area, p, BinomialPValue((int)correct, n + m, chance));
    }

    /// <summary>P(X ≥ correct), X binomial: the exact p-value of an accuracy.</summary>
    /// <param name="correct">Rows told right.</param>
    /// <param name="rows">Rows tried.</param>
    /// <param name="chance">The accuracy of chance.</param>
    public static double BinomialPValue(int correct, int rows, double chance = 0.5) => correct <= 0
        ? 1
        : IncompleteBeta.Lower(correct, rows - correct + 1, chance, 1 - chance);

    /// <summary>P(Z ≥ z), z = (accuracy − chance) / √(chance (1 − chance) / rows). Lopez-Paz &amp; Oquab (2017), §3.</summary>
    /// <inheritdoc cref="BinomialPValue"/>
    public static double NormalPValue(int correct, int rows, double chance = 0.5) => NormalDistribution.UpperTail(
        (correct / (double)rows - chance) / Math.Sqrt(chance * (1 - chance) / rows));

    /// <summary>The area under the curve, and the one-sided p of Wilcoxon's rank sum with ties. Lehmann (1975), §1.3.</summary>
    private static (double Area, double PValue) RankSum(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        double n = first.Length, m = second.Length, total = n + m, ranks = 0, ties = 0;
        double[] scores = [.. first, .. second];
        var places = new int[scores.Length];
        for (int i = 0; i < places.Length; i++)
            places[i] = i;
        Array.Sort(scores, places);
        for (int start = 0, end; start < scores.Length; start = end)
        {
            for (end = start + 1; end < scores.Length && scores[end] == scores[start]; end++)
            {
            }
            double size = end - start, rank = (start + 1 + end) / 2.0;
            ties += size * (size * size - 1);
            for (int i = start; i < end; i++)
                ranks += places[i] < first.Length ? rank : 0;
        }
        double wins = ranks - n * (n + 1) / 2;
        double variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)));
        double p = variance > 0 ? NormalDistribution.UpperTail((wins - n * m / 2 - 0.5) / Math.Sqrt(variance)) : 1;
        return (wins / (n * m), p);
    }

    private static bool ContainsAnyNaN(this ReadOnlySpan<double> values)
    {
        foreach (double value in values)
            if (double.IsNaN(value))
                return true;
        return false;
    }
}
