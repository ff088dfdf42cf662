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
}
