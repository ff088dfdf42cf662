using Microsoft.ML;
using ProbML.Flows;
using ProbML.Laws;

namespace ProbML.Torch.Tests.Flows;

/// <summary>The catalog's methods as the laws see them.</summary>
internal static class FlowComponents
{
    public static Component Transform { get; } = new(
        "NormalizingFlow",
        PredictionTask.Transform,
        (context, setup) => context.Transforms.NormalizingFlow(
            "Noise",
            setup.Roles.Features,
            Options(setup) with
            {
                Kind = FlowKind.NeuralSplineAutoregressive,
                Mixing = FlowMixing.None,
                Columns = FlowColumns.LogDensity | FlowColumns.ConditionalLogDensity,
            },
            monitor: setup.Monitor))
    {
        Score = "Noise",
        TakesWeight = false,
        TakesOffset = false,
        TakesExposure = false,
        Tolerance = 1e-4,
        FeatureNames = transformer => ((ProbabilisticTransformer<FlowModel>)transformer).Model.FeatureNames,
    };

    public static Component Continuous { get; } = new(
        "NormalizingFlow, continuous",
        PredictionTask.Transform,
        (context, setup) => context.Transforms.NormalizingFlow(
            "Noise", setup.Roles.Features, Options(setup) with { Kind = FlowKind.Continuous, Layers = 1 }, monitor: setup.Monitor))
    {
        Score = "Noise",
        TakesWeight = false,
        TakesOffset = false,
        TakesExposure = false,
        Tolerance = 1e-4,
        FeatureNames = transformer => ((ProbabilisticTransformer<FlowModel>)transformer).Model.FeatureNames,
    };

    public static Component Circular { get; } = new(
        "NormalizingFlow, circular",
        PredictionTask.Transform,
        (context, setup) => context.Transforms.NormalizingFlow(
            "Noise",
            setup.Roles.Features,
            Options(setup) with
            {
                Preprocessing = new Dictionary<string, ColumnPreprocessing> { [$"{setup.Roles.Features}[0]"] = ColumnPreprocessing.Circular(4, low: -2) },
            },
            monitor: setup.Monitor))
    {
        Score = "Noise",
        ExpectedFeatures = 4,                            // the angle is found by its name
        TakesWeight = false,
        TakesOffset = false,
        TakesExposure = false,
        Tolerance = 1e-4,
        FeatureNames = transformer => ((ProbabilisticTransformer<FlowModel>)transformer).Model.FeatureNames,
    };

    public static Component Detector { get; } = new(
        "NormalizingFlow anomaly",
        PredictionTask.AnomalyDetection,
        (context, setup) => context.AnomalyDetection.Trainers.NormalizingFlow(
            setup.Roles.Features, new() { Flow = Options(setup) }, monitor: setup.Monitor))
    {
        TakesWeight = false,
        TakesOffset = false,
        TakesExposure = false,
        Tolerance = 1e-4,
        FeatureNames = transformer => ((ProbabilisticTransformer<FlowAnomalyModel>)transformer).Model.Flow.FeatureNames,
    };

    public static Component Regression { get; } = new(
        "ConditionalFlow",
        PredictionTask.Regression,
        (context, setup) => context.Regression.Trainers.ConditionalFlow(
            setup.Roles.Label,
            setup.Roles.Features,
            new() { Layers = 1, Hidden = [8], QuantileLevels = [0.1, 0.5], Training = Options(setup).Training },
            monitor: setup.Monitor))
    {
        TakesWeight = false,
        TakesOffset = false,
        TakesExposure = false,
        Tolerance = 1e-4,
        FeatureNames = transformer => ((ProbabilisticTransformer<ConditionalFlowModel>)transformer).Model.FeatureNames,
    };

    private static FlowOptions Options(Setup setup) => new()
    {
        Layers = 2,
        Hidden = [8],
        Training = new()
        {
            Seed = 4, Epochs = 2, BatchSize = 256, ClipNorm = 5, Threads = setup.Threads ?? 1, ValidationFraction = 0.1,
        },
    };
}
