using ProbML.Fitting;

namespace ProbML;

/// <summary>The columns of Bayesian regression: a new observation's distribution, its spread in two parts.</summary>
internal static class BayesianColumns
{
    public const int Score = 0, LogDensity = 1, StandardDeviation = 2, Epistemic = 3, Aleatoric = 4, Lower = 5, Upper = 6;
    public const int Probability = 2, StandardError = 7;

    private static readonly OutputColumn[] Regression =
    [
        new(ColumnNames.Score),
        new(ColumnNames.LogDensity),
        new(ColumnNames.ScoreStandardDeviation),
        new(ColumnNames.EpistemicStandardDeviation),
        new(ColumnNames.AleatoricStandardDeviation),
        new(ColumnNames.LowerBound),
        new(ColumnNames.UpperBound),
    ];

    private static readonly OutputColumn[] Binary =
    [
        new(ColumnNames.Score),
        new(ColumnNames.LogDensity),
        new(ColumnNames.Probability, IsNormalized: true),
        new(ColumnNames.EpistemicStandardDeviation),
        new(ColumnNames.AleatoricStandardDeviation),
        new(ColumnNames.ProbabilityLowerBound, IsNormalized: true),
        new(ColumnNames.ProbabilityUpperBound, IsNormalized: true),
        new(ColumnNames.ScoreStandardError),
    ];

    public static IReadOnlyList<OutputColumn> Of(PredictionTask task) => task == PredictionTask.Regression ? Regression : Binary;

    /// <summary>Fills a row's columns from the mixture that its prediction is.</summary>
    /// <param name="task">What the columns are for.</param>
    /// <param name="mixture">The prediction.</param>
    /// <param name="y">The label, NaN where it is not known.</param>
    /// <param name="link">The link.</param>
    /// <param name="level">The level of the intervals.</param>
    /// <param name="wanted">Which columns are.</param>
    /// <param name="row">[columns].</param>
    public static void Fill(
        PredictionTask task, PosteriorMixture mixture, double y, ILinkFunction link, double level, in OutputBlock wanted, Span<float> row)
    {
        bool isNumber = task == PredictionTask.Regression;
        row[Score] = (float)(isNumber ? mixture.Mean : mixture.LinearPredictor);
        if (!isNumber)
            row[Probability] = (float)mixture.Mean;
        if (!wanted.WantsMoreThan(Score))
            return;
        bool asks = isNumber ? wanted.Wants(StandardDeviation) : wanted.Wants(StandardError);
        double epistemic = asks && isNumber || wanted.Wants(Epistemic) ? mixture.Epistemic : 0;
        double aleatoric = asks && isNumber || wanted.Wants(Aleatoric) ? mixture.Aleatoric : 0;
        row[Epistemic] = (float)Math.Sqrt(epistemic);
        row[Aleatoric] = (float)Math.Sqrt(aleatoric);
        if (isNumber)
            row[StandardDeviation] = (float)Math.Sqrt(epistemic + aleatoric);
        else if (asks)
            row[StandardError] = (float)Math.Sqrt(mixture.LinearPredictorVariance);
        if (wanted.Wants(Lower) || wanted.Wants(Upper))
        {
            if (isNumber)
                (row[Lower], row[Upper]) = ((float)mixture.Quantile(0.5 - level / 2), (float)mixture.Quantile(0.5 + level / 2));
            else
            {
                var (lower, upper) = mixture.LinearPredictorInterval(level);
                (row[Lower], row[Upper]) = ((float)link.Inverse(lower).Mean, (float)link.Inverse(upper).Mean);
            }
        }
        if (wanted.Wants(LogDensity))
            row[LogDensity] = (float)mixture.LogDensity(y);
    }
}
