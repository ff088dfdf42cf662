using Microsoft.ML;
using ProbML.DensityRatios;
using ProbML.Laws;

namespace ProbML.Torch.Tests.DensityRatios;

/// <summary>The network of a ratio under every law.</summary>
public sealed class RatioNetworkConformance
{
    /// <summary>The catalog's method as the laws see it.</summary>
    internal static Component Component { get; } = new(
        "DensityRatioNetwork",
        PredictionTask.BinaryClassification,
        (context, setup) => context.BinaryClassification.Trainers.DensityRatioNetwork(
            setup.Roles.Label,
            setup.Roles.Features,
            new()
            {
                Hidden = [8],
                Training = new()
                {
                    Seed = 4, Epochs = 30, BatchSize = 64, LearningRate = 1e-2, ClipNorm = 5, Threads = setup.Threads ?? 1, ValidationFraction = 0.1,
                },
            },
            monitor: setup.Monitor))
    {
        TakesWeight = false,
        TakesOffset = false,
        TakesExposure = false,
        Tolerance = 1e-4,
        FeatureNames = transformer => ((ProbabilisticTransformer<RatioNetworkModel>)transformer).Model.FeatureNames,
    };

    public static TheoryData<string, string> Cases => [.. ModelLaws.Cases([Component])];

    [Theory, MemberData(nameof(Cases))]
    public void Law_holds(string component, string law) =>
        ModelLaws.Check(law, component == Component.Name ? Component : throw new ArgumentException(component));
}
