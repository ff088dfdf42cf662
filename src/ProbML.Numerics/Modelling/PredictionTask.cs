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
}
