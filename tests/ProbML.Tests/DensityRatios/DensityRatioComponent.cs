using Microsoft.ML;
using ProbML.Laws;

namespace ProbML.DensityRatios;

/// <summary>The density-ratio trainer as the laws see it.</summary>
internal static class DensityRatioComponent
{
    public static Component Create() => new(
        "DensityRatio",
        PredictionTask.BinaryClassification,
        (context, setup) => context.BinaryClassification.Trainers.DensityRatio(
            new() { Shape = RatioShape.Squares, L2 = 1, Components = 1, NumberOfThreads = setup.Threads, Seed = 1 },
            setup.Roles.Label,
            setup.Roles.Features,
            setup.Roles.Weight,
            setup.Monitor))
    {
        TakesOffset = false,
        TakesExposure = false,
        ScoresFittedRowsApart = true,
        FeatureNames = model => ((ProbabilisticTransformer<DensityRatioModel>)model).Model.FeatureNames,
    };
}
