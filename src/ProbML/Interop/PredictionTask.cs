using Microsoft.ML.Data;

namespace ProbML;

/// <summary>What a trainer's columns mean to ML.NET: which evaluator reads them and which labels it takes.</summary>
/// <remarks>The values are part of the file format.</remarks>
public enum PredictionTask
{
    /// <summary>Score is the predictive mean of a number.</summary>
    Regression = 1,

    /// <summary>Score is positive for a likely "true"; PredictedLabel says just that.</summary>
    BinaryClassification = 2,
}

internal static class PredictionTaskExtensions
{
    /// <summary>The text of the ScoreColumnKind annotation.</summary>
    public static string ScoreColumnKind(this PredictionTask task) => task switch
    {
        PredictionTask.Regression => AnnotationUtils.Const.ScoreColumnKind.Regression,
        PredictionTask.BinaryClassification => AnnotationUtils.Const.ScoreColumnKind.BinaryClassification,
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "No such prediction task."),
    };
}
