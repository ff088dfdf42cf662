using Microsoft.ML;
using ProbML.Flows;
using ProbML.Vae;

namespace ProbML.Studio;

/// <summary>Models without a target, trained by libtorch and scored without it.</summary>
internal static class NetworkModels
{
    public const string Latent = "Latent";
    private const int Steps = 3000;

    /// <summary>Why nothing can be trained here, and what to do; null: it can.</summary>
    public static string? Lack
    {
        get
        {
            try
            {
                TorchRuntime.EnsureLoaded();
                return null;
            }
            catch (Exception e) when (e is DllNotFoundException or InvalidOperationException)
            {
                return "These models are trained by libtorch, and there is none that can be used. Start the studio with the environment variable "
                    + $"{TorchRuntime.FolderVariable} set to the lib folder of a PyTorch 2.10 installation. ({e.Message.ReplaceLineEndings(" ")})";
            }
        }
    }

    public static IEnumerable<ModelCandidate> Rare(Setup setup, int rows)
    {
        yield return Network("flow", "Normalizing flow",
            "The exact density of a row, and a p-value: the share of ordinary rows that are as rare.", true,
            input => input.Context.AnomalyDetection.Trainers.NormalizingFlow(
                options: new FlowAnomalyOptions
                {
                    Flow = new() { Training = For(new FlowOptions().Training, rows) },
                    FalseAlarmRate = 1 - setup.Level,
                },
                monitor: input.Monitor));
        yield return Network("autoencoder", "Variational autoencoder",
            "A bound on the density (ELBO); missing values are no trouble, and categories have distributions of their own.",
            setup.Features.Any(feature => feature.Missing > 0),
            input => input.Context.AnomalyDetection.Trainers.VariationalAutoencoder(
                options: new VaeAnomalyOptions
                {
                    Autoencoder = new() { LatentSize = Math.Clamp(setup.Features.Count / 2, 2, 8), Training = For(new() { ValidationFraction = 0.1 }, rows) },
                    FalseAlarmRate = 1 - setup.Level,
                },
                monitor: input.Monitor));
    }

    public static IEnumerable<ModelCandidate> Hidden(Setup setup, int rows)
    {
        yield return Network("latent-2", "Variational autoencoder, two hidden numbers",
            "A point on a map for each row, with its uncertainty; rows that are alike lie close together.", true, input => Encoder(input, 2, rows));
        if (setup.Features.Count > 4)
        {
            yield return Network("latent-4", "Variational autoencoder, four hidden numbers",
                "Says more of a row, and cannot be drawn: worth it if its ELBO is much higher.", true, input => Encoder(input, 4, rows));
        }
    }

    private static ProbabilisticTrainer<VaeModel> Encoder(TrainerInput input, int size, int rows) =>
        input.Context.Transforms.VariationalAutoencoder(
            Latent,
            Preparation.Features,
            new()
            {
                LatentSize = size,
                Columns = VaeColumns.LatentStandardDeviation | VaeColumns.Elbo | VaeColumns.ReconstructionError,
                Training = For(new() { ValidationFraction = 0.1 }, rows),
            },
            monitor: input.Monitor);

    /// <summary>As many passes over few rows as give the optimiser enough steps.</summary>
    private static TrainingOptions For(TrainingOptions usual, int rows) => usual with
    {
        Epochs = (int)Math.Clamp((long)Steps * usual.BatchSize / Math.Max(1, rows), 10, 200),
        Device = TrainingDevice.Cpu,
        Seed = 1,
    };

    /// <summary>A slot for each level and numbers as they are; missing values stay missing.</summary>
    private static ModelCandidate Network(
        string key, string name, string reason, bool isSuggested, Func<TrainerInput, IEstimator<ITransformer>> trainer) =>
        new(key, name, reason, isSuggested, input => input.Context.Transforms.DesignMatrix(
                Preparation.Features,
                [
                    .. input.Setup.Features.Select(feature => feature.IsNumber
                        ? DesignTerm.Numeric(feature.Name) : DesignTerm.Categorical(feature.Name, baseline: Baseline.None)),
                ])
            .Append(trainer(input)))
        {
            HasNetwork = true,
        };
}
