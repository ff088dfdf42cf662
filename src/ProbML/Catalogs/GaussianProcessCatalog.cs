using ProbML;
using ProbML.GaussianProcesses;

namespace Microsoft.ML;

/// <summary>Gaussian processes, as trainers.</summary>
public static class GaussianProcessCatalog
{
    /// <summary>Fits a Gaussian process: y = m + f(x) + offset + e, f ~ GP(0, k), e ~ N(0, σ²/ω).</summary>
    /// <remarks>
    /// Adds Score (the predictive mean), LogDensity (of the label), ScoreStandardDeviation (of a new observation), its parts
    /// EpistemicStandardDeviation (of the function) and AleatoricStandardDeviation (of the noise), LowerBound and UpperBound. The
    /// hyperparameters are those of maximum marginal likelihood. Exact inference takes O(n³) time and 16 n² bytes.
    /// Rasmussen &amp; Williams (2006), ch. 2 and 5.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Kernel, likelihood, inference and so on; null: an RBF kernel with a lengthscale a feature, exactly.</param>
    /// <param name="labelColumnName">The response.</param>
    /// <param name="featureColumnName">A vector of Single or Double.</param>
    /// <param name="exampleWeightColumnName">Weights ω: the noise of a row is σ²/ω; or null.</param>
    /// <param name="offsetColumnName">A mean that is known, added to the function; or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <example><code>
    /// var trainer = mlContext.Regression.Trainers.GaussianProcess(new() { Kernel = Kernel.Parse("matern52(ard) + linear") }, "Strength");
    /// </code></example>
    public static ProbabilisticTrainer<GaussianProcessModel> GaussianProcess(
        this RegressionCatalog.RegressionTrainers catalog,
        GaussianProcessOptions? options = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        TrainingMonitor? monitor = null) => ProbabilisticTrainer.Create(
            catalog,
            new GaussianProcessFitter(options),
            PredictionTask.Regression,
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName),
            monitor,
            "ProbMLGaussianProcess");
}
