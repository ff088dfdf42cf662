namespace ProbML;

/// <summary>What a model's columns mean: which evaluator reads them and which labels it takes.</summary>
/// <remarks>The values are part of the file format.</remarks>
public enum PredictionTask
{
    /// <summary>Score is the predictive mean of a number.</summary>
    Regression = 1,

    /// <summary>Two classes: Probability where the model gives it, and PredictedLabel.</summary>
    BinaryClassification = 2,

    /// <summary>K classes: Score is their probabilities, PredictedLabel the key of the largest.</summary>
    MulticlassClassification = 3,

    /// <summary>Without a label: Score is larger the rarer a row is; PredictedLabel, whether it lies beyond a threshold.</summary>
    /// <remarks>The model is an <see cref="IAnomalyModel"/>.</remarks>
    AnomalyDetection = 4,

    /// <summary>Without a label: the model's columns are new features, as of an encoder.</summary>
    Transform = 5,
}
