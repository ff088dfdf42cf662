namespace ProbML;

/// <summary>The columns that a generalized linear model gives.</summary>
internal static class GlmColumns
{
    public const int Score = 0, LogDensity = 1;
    public const int StandardDeviation = 2, StandardError = 3, Lower = 4, Upper = 5;
    public const int Probability = 2, ProbabilityLower = 4, ProbabilityUpper = 5;

    private static readonly OutputColumn[] Regression =
    [
        new(ColumnNames.Score),
        new(ColumnNames.LogDensity),
        new(ColumnNames.ScoreStandardDeviation),
        new(ColumnNames.ScoreStandardError),
        new(ColumnNames.LowerBound),
        new(ColumnNames.UpperBound),
    ];

    private static readonly OutputColumn[] Binary =
    [
        new(ColumnNames.Score),
        new(ColumnNames.LogDensity),
        new(ColumnNames.Probability, IsNormalized: true),
        new(ColumnNames.ScoreStandardError),
        new(ColumnNames.ProbabilityLowerBound, IsNormalized: true),
        new(ColumnNames.ProbabilityUpperBound, IsNormalized: true),
    ];

    public static IReadOnlyList<OutputColumn> Of(PredictionTask task) => task == PredictionTask.Regression ? Regression : Binary;
}
