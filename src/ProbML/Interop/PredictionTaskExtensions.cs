using Microsoft.ML.Data;

namespace ProbML;

/// <summary>What the tasks are called in ML.NET.</summary>
internal static class PredictionTaskExtensions
{
    /// <summary>The text of the ScoreColumnKind annotation.</summary>
    public static string ScoreColumnKind(this PredictionTask task) => task switch
    {
        PredictionTask.Regression => AnnotationUtils.Const.ScoreColumnKind.Regression,
        PredictionTask.BinaryClassification => AnnotationUtils.Const.ScoreColumnKind.BinaryClassification,
        PredictionTask.MulticlassClassification => AnnotationUtils.Const.ScoreColumnKind.MulticlassClassification,
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "No such prediction task."),
    };
}
