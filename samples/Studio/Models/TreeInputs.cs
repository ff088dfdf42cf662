using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Studio;

/// <summary>ML.NET's trees take single precision.</summary>
internal static class TreeInputs
{
    public const string Features = "TreeFeatures";
    public const string Label = "TreeLabel";

    /// <summary>Copies of features and number to predict, in single precision.</summary>
    public static IEstimator<ITransformer> Of(MLContext ml, string? target = null)
    {
        var features = ml.Transforms.Conversion.ConvertType(Features, Preparation.Features, DataKind.Single);
        return target is null ? features : features.Append(ml.Transforms.Conversion.ConvertType(Label, target, DataKind.Single));
    }
}
