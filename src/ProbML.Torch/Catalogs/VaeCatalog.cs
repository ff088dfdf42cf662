using ProbML;
using ProbML.Vae;

namespace Microsoft.ML;

/// <summary>Variational autoencoders in pipelines.</summary>
public static class VaeCatalog
{
    private const string LoadName = "ProbMLVae";

    /// <summary>Learns a latent vector z for each row: the mean of q(z | x), of p(x) = ∫ p(x | z) N(z; 0, I) dz.</summary>
    /// <remarks>
    /// Kingma &amp; Welling (2014). Trains with TorchSharp, for which the application adds TorchSharp-cpu or
    /// TorchSharp-cuda; what it gives scores by ONNX Runtime, without either. NaN is a feature that was not observed. The
    /// options' columns come beside the latent vector; <see cref="VaeGenerator"/> samples, reconstructs and imputes.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column to add: a vector of Single of the latent size.</param>
    /// <param name="inputColumnName">A vector of Single or Double; null: the output's name. No normalization is needed.</param>
    /// <param name="options">Networks, likelihoods, objective, training; null: the defaults.</param>
    /// <param name="exampleWeightColumnName">Weights of the rows, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <example><code>
    /// var pipeline = mlContext.Transforms.VariationalAutoencoder("Latent", "Features", new() { LatentSize = 8 })
    ///     .Append(mlContext.MulticlassClassification.Trainers.LightGbm(featureColumnName: "Latent"));
    /// </code></example>
    public static ProbabilisticTrainer<VaeModel> VariationalAutoencoder(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        VaeOptions? options = null,
        string? exampleWeightColumnName = null,
        TrainingMonitor? monitor = null) => ProbabilisticTrainer.Create(
            catalog,
            new VaeFitter(options ?? new(), outputColumnName),
            new ColumnRoles(Features: inputColumnName ?? outputColumnName, Weight: exampleWeightColumnName),
            monitor,
            LoadName);

    /// <summary>Detects anomalies: Score is −Elbo or −ln p(x) under a variational autoencoder, in nats.</summary>
    /// <remarks>PredictedLabel is true where Score exceeds a threshold set by the false-alarm rate on rows held out.</remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="featureColumnName">A vector of Single or Double; NaN: not observed.</param>
    /// <param name="options">The autoencoder, the score and the false-alarm rate; null: the defaults.</param>
    /// <param name="exampleWeightColumnName">Weights of the rows, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<VaeAnomalyModel> VariationalAutoencoder(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        string featureColumnName = "Features",
        VaeAnomalyOptions? options = null,
        string? exampleWeightColumnName = null,
        TrainingMonitor? monitor = null) => ProbabilisticTrainer.Create(
            catalog,
            new VaeAnomalyFitter(options ?? new()),
            PredictionTask.AnomalyDetection,
            new ColumnRoles(Features: featureColumnName, Weight: exampleWeightColumnName),
            monitor,
            LoadName + "Anomaly");
}
