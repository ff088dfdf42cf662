using Microsoft.ML.Data;

namespace ProbML;

/// <summary>What the tasks are called in ML.NET, and what they read.</summary>
internal static class PredictionTaskExtensions
{
    /// <summary>Whether there is a label to learn from.</summary>
    public static bool HasLabel(this PredictionTask task) =>
        task is not (PredictionTask.AnomalyDetection or PredictionTask.Transform);

    /// <summary>The text of the ScoreColumnKind annotation.</summary>
    public static string ScoreColumnKind(this PredictionTask task) => task switch
    {
        PredictionTask.Regression => AnnotationUtils.Const.ScoreColumnKind.Regression,
        PredictionTask.BinaryClassification => AnnotationUtils.Const.ScoreColumnKind.BinaryClassification,
        PredictionTask.MulticlassClassification => AnnotationUtils.Const.ScoreColumnKind.MulticlassClassification,
        PredictionTask.AnomalyDetection => AnnotationUtils.Const.ScoreColumnKind.AnomalyDetection,
        PredictionTask.Transform => nameof(PredictionTask.Transform),
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "No such prediction task."),
    };
}
