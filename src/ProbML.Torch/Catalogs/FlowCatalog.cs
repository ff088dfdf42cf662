using ProbML;
using ProbML.Flows;

namespace Microsoft.ML;

/// <summary>Normalizing flows in pipelines.</summary>
public static class FlowCatalog
{
    private const string LoadName = "ProbMLFlow";

    /// <summary>Learns the density of rows: u = f(x) of a simple distribution, ln p(x) = ln b(f(x)) + ln |det ∂f/∂x|.</summary>
    /// <remarks>
    /// Papamakarios et al. (2021). Adds the noise u and <c>LogDensity</c>, in nats, of the columns as they are. Trains with
    /// TorchSharp, for which the application adds TorchSharp-cpu or TorchSharp-cuda; what it gives scores by ONNX Runtime,
    /// without either. <see cref="FlowGenerator"/> samples. Rows with a missing feature are left out.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of noise to add: a vector of Single as long as the features.</param>
    /// <param name="inputColumnName">A vector of Single or Double; null: the output's name. No normalization is needed.</param>
    /// <param name="options">Layers, noise, preprocessing, training; null: the defaults.</param>
    /// <param name="exampleWeightColumnName">Weights of the rows, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <example><code>
    /// var pipeline = mlContext.Transforms.NormalizingFlow("Noise", "Features", new() { Kind = FlowKind.MaskedAutoregressive });
    /// </code></example>
    public static ProbabilisticTrainer<FlowModel> NormalizingFlow(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        FlowOptions? options = null,
        string? exampleWeightColumnName = null,
        TrainingMonitor? monitor = null) => ProbabilisticTrainer.Create(
            catalog,
            new FlowFitter(options ?? new(), outputColumnName),
            new ColumnRoles(Features: inputColumnName ?? outputColumnName, Weight: exampleWeightColumnName),
            monitor,
            LoadName);

    /// <summary>Detects anomalies: Score is −ln p(x) under a normalizing flow, in nats.</summary>
    /// <remarks>
    /// PredictedLabel is true where Score exceeds a threshold set by the false-alarm rate on rows held out; PValue is the
    /// share of such rows that are as rare.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="featureColumnName">A vector of Single or Double.</param>
    /// <param name="options">The flow and the false-alarm rate; null: the defaults.</param>
    /// <param name="exampleWeightColumnName">Weights of the rows, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<FlowAnomalyModel> NormalizingFlow(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        string featureColumnName = "Features",
        FlowAnomalyOptions? options = null,
        string? exampleWeightColumnName = null,
        TrainingMonitor? monitor = null) => ProbabilisticTrainer.Create(
            catalog,
            new FlowAnomalyFitter(options ?? new()),
            PredictionTask.AnomalyDetection,
            new ColumnRoles(Features: featureColumnName, Weight: exampleWeightColumnName),
            monitor,
            LoadName + "Anomaly");

    /// <summary>Learns the distribution of a number given features, of any shape: skewed, of several modes, of changing width.</summary>
    /// <remarks>
    /// A conditional flow, p(y | x) = φ(f(y; x)) ∂f/∂y (Trippe and Turner 2018). Adds <c>Score</c> (the mean),
    /// <c>ScoreStandardDeviation</c>, <c>LowerBound</c> and <c>UpperBound</c> of the options' level, <c>LogDensity</c> of the label
    /// and, where levels are given, <c>Quantiles</c>: exact ones, without sampling. Trains with TorchSharp, scores without.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">The number, Single or Double.</param>
    /// <param name="featureColumnName">A vector of Single or Double. No normalization is needed.</param>
    /// <param name="options">Layers, network, interval, training; null: the defaults.</param>
    /// <param name="exampleWeightColumnName">Weights of the rows, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<ConditionalFlowModel> ConditionalFlow(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        ConditionalFlowOptions? options = null,
        string? exampleWeightColumnName = null,
        TrainingMonitor? monitor = null) => ProbabilisticTrainer.Create(
            catalog,
            new ConditionalFlowFitter(options ?? new()),
            PredictionTask.Regression,
            new ColumnRoles(labelColumnName, featureColumnName, Weight: exampleWeightColumnName),
            monitor,
            LoadName + "Conditional");
}
