namespace ProbML.Studio;

/// <summary>The columns that models add.</summary>
internal static class Outputs
{
    /// <summary>All that are shown, saved and generated, in this order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        ColumnNames.Score,
        ColumnNames.PredictedLabel,
        ColumnNames.Probability,
        ColumnNames.LowerBound,
        ColumnNames.UpperBound,
        ColumnNames.ScoreStandardDeviation,
        ColumnNames.ScoreStandardError,
        ColumnNames.EpistemicStandardDeviation,
        ColumnNames.AleatoricStandardDeviation,
        ColumnNames.ProbabilityLowerBound,
        ColumnNames.ProbabilityUpperBound,
        ColumnNames.LatentMean,
        ColumnNames.CensoringProbability,
        ColumnNames.UnseenGroups,
        "PValue",
        NetworkModels.Latent,
        "LatentStandardDeviation",
        "Elbo",
        "ReconstructionError",
        "PredictionSet",
        "PredictionSetSize",
    ];
}
