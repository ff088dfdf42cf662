using Microsoft.ML;
using ProbML.Laws;
using ProbML.Vae;

namespace ProbML.Torch.Tests.Vae;

/// <summary>The catalog's methods as the laws see them.</summary>
internal static class VaeComponents
{
    public static Component Encoder { get; } = new(
        "VariationalAutoencoder",
        PredictionTask.Transform,
        (context, setup) => context.Transforms.VariationalAutoencoder(
            "Latent",
            setup.Roles.Features,
            Options(setup) with
            {
                Columns = VaeColumns.LatentStandardDeviation | VaeColumns.Elbo | VaeColumns.ReconstructionError
                    | VaeColumns.LogLikelihood,
            },
            monitor: setup.Monitor))
    {
        Score = "Latent",
        NotExported = ["Elbo", "ReconstructionError", "LogLikelihood"],
        TakesWeight = false,
        TakesOffset = false,
        TakesExposure = false,
        TakesMissingValues = true,
        Tolerance = 1e-4,
        FeatureNames = transformer => ((ProbabilisticTransformer<VaeModel>)transformer).Model.Layout.FeatureNames,
    };

    public static Component Detector { get; } = new(
        "VariationalAutoencoder anomaly",
        PredictionTask.AnomalyDetection,
        (context, setup) => context.AnomalyDetection.Trainers.VariationalAutoencoder(
            setup.Roles.Features, new() { Autoencoder = Options(setup) }, monitor: setup.Monitor))
    {
        TakesWeight = false,
        TakesOffset = false,
        TakesExposure = false,
        TakesMissingValues = true,
        Tolerance = 1e-4,
        FeatureNames = transformer =>
            ((ProbabilisticTransformer<VaeAnomalyModel>)transformer).Model.Autoencoder.Layout.FeatureNames,
    };

    /// <summary>The encoder with each kind of flow as its posterior.</summary>
    public static IReadOnlyList<Component> FlowPosteriors { get; } =
    [
        WithFlow("planar", new PlanarPosterior { Layers = 2 }),
        WithFlow("Sylvester", new SylvesterPosterior { Layers = 2 }),
        WithFlow("inverse autoregressive", new InverseAutoregressivePosterior { Hidden = [6], EncoderContext = 3 }),
    ];

    private static Component WithFlow(string name, PosteriorFlow flow) => new(
        $"VariationalAutoencoder {name} posterior",
        PredictionTask.Transform,
        (context, setup) => context.Transforms.VariationalAutoencoder(
            "Latent",
            setup.Roles.Features,
            Options(setup) with { PosteriorFlow = flow, Columns = VaeColumns.LatentStandardDeviation | VaeColumns.Elbo },
            monitor: setup.Monitor))
    {
        Score = "Latent",
        NotExported = ["Elbo"],
        TakesWeight = false,
        TakesOffset = false,
        TakesExposure = false,
        TakesMissingValues = true,
        Tolerance = 1e-4,
        FeatureNames = transformer => ((ProbabilisticTransformer<VaeModel>)transformer).Model.Layout.FeatureNames,
    };

    private static VaeOptions Options(Setup setup) => new()
    {
        LatentSize = 2,
        Architecture = new MlpArchitecture { Hidden = [8] },
        ScoringSamples = 4,
        Training = new() { Seed = 4, Epochs = 2, BatchSize = 256, Threads = setup.Threads ?? 1, ValidationFraction = 0.1 },
    };
}
