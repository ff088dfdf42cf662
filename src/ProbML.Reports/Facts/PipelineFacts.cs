using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Flows;

namespace ProbML.Reports.Facts;

/// <summary>A fitted pipeline: its steps, which of them is the model, and what columns that gives.</summary>
internal sealed class PipelineFacts
{
    private readonly double? givenLevel;

    private PipelineFacts(IReadOnlyList<ITransformer> steps, int place, PredictionTask task, double? level)
    {
        (Steps, Place, Task, givenLevel) = (steps, place, task, level);
        Model = place < 0 ? null : (steps[place] as IPredictionTransformer<object>)?.Model ?? Own?.Model;
        Known = Model is null ? null : ModelFacts.Of(Model);
        FeatureColumn = Own?.Roles.Features ?? (place < 0 ? null : (steps[place] as ISingleFeaturePredictionTransformer<object>)?.FeatureColumnName);
        Conformal = steps.OfType<ConformalTransformer>().LastOrDefault()?.Calibration;
        bool isRatio = steps.Any(step => step is DensityRatioTransformer) && task == PredictionTask.Transform;
        ScoreColumn = isRatio ? ColumnNames.LogRatio : ColumnNames.Score;
    }

    /// <summary>All steps, chains within chains unfolded.</summary>
    public IReadOnlyList<ITransformer> Steps { get; }

    /// <summary>Which of them is the model; −1: none is known to be.</summary>
    public int Place { get; }

    public PredictionTask Task { get; }

    /// <summary>The model's step, if it is one of ProbML's.</summary>
    public IProbabilisticTransformer? Own => Place < 0 ? null : Steps[Place] as IProbabilisticTransformer;

    public object? Model { get; }

    /// <summary>What is known of a model of ProbML; null: it is another's.</summary>
    public ModelFacts? Known { get; }

    public string? FeatureColumn { get; }

    /// <summary>The intervals' calibration, where they are conformal.</summary>
    public ConformalCalibration? Conformal { get; }

    /// <summary>What the intervals promise to hold; null: nothing is said.</summary>
    public double? Level => givenLevel ?? Conformal?.Level ?? Known?.Level;

    public IReadOnlyList<double> QuantileLevels => (Model as ConditionalFlowModel)?.QuantileLevels ?? [];

    /// <summary>The number a model without a label gives to each row.</summary>
    public string ScoreColumn { get; }

    /// <summary>Looks into a fitted pipeline.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="scored">The columns it gives; null: there are no data.</param>
    /// <param name="level">What its intervals promise to hold; null: as the model says.</param>
    /// <exception cref="ArgumentException">Nothing in it predicts.</exception>
    public static PipelineFacts Of(ITransformer pipeline, DataViewSchema? scored, double? level)
    {
        List<ITransformer> steps = [.. PipelineSteps.Of(pipeline)];
        int place = steps.FindLastIndex(step => step is IPredictionTransformer<object> and not IProbabilisticTransformer { Model: BasisExpansionModel });
        var task = place >= 0 && steps[place] is IProbabilisticTransformer own ? own.Task
            : scored?.GetColumnOrNull(ColumnNames.Score) is { } score ? TaskOf(score)
            : place >= 0 ? TaskOf(steps[place])
            : null;
        if (task is { } known)
            return new(steps, place, known, level);
        if (steps.Exists(step => step is DensityRatioTransformer))
            return new(steps, place, PredictionTask.Transform, level);
        throw new ArgumentException(
            $"The pipeline predicts nothing that a report could show: its steps are {string.Join(", ", steps.Select(step => step.GetType().Name))}, "
            + "none of which is a fitted model with a column 'Score'. Give the whole fitted pipeline.",
            nameof(pipeline));
    }

    /// <summary>What ML.NET says that a score means.</summary>
    private static PredictionTask? TaskOf(DataViewSchema.Column score)
    {
        const string Kind = "ScoreColumnKind";
        if (score.Annotations.Schema.GetColumnOrNull(Kind) is null)
            return score.Type is VectorDataViewType ? PredictionTask.MulticlassClassification : PredictionTask.Regression;
        ReadOnlyMemory<char> text = default;
        score.Annotations.GetValue(Kind, ref text);
        return Enum.TryParse(text.ToString(), out PredictionTask task) && Enum.IsDefined(task) ? task : null;
    }

    private static PredictionTask? TaskOf(ITransformer step) => step.GetType().Name switch
    {
        var name when name.StartsWith("RegressionPrediction", StringComparison.Ordinal) => PredictionTask.Regression,
        var name when name.StartsWith("BinaryPrediction", StringComparison.Ordinal) => PredictionTask.BinaryClassification,
        var name when name.StartsWith("MulticlassPrediction", StringComparison.Ordinal) => PredictionTask.MulticlassClassification,
        _ => null,
    };
}
