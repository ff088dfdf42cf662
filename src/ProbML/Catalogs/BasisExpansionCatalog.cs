using ProbML;

namespace Microsoft.ML;

/// <summary>Basis expansions, as transforms.</summary>
public static class BasisExpansionCatalog
{
    /// <summary>Adds a vector φ(x) of functions of a vector of features: polynomial, radial basis, B-splines, random Fourier features.</summary>
    /// <remarks>Linear trainers behind it fit nonlinear functions. Bishop (2006), §3.1.</remarks>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The column to add, a vector of Single.</param>
    /// <param name="basis">The functions.</param>
    /// <param name="inputColumnName">A vector of Single or Double.</param>
    /// <param name="exampleWeightColumnName">Prior weights of the rows whose means and ranges are taken, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <example><code>
    /// var pipeline = mlContext.Transforms.BasisFunctions("Splines", BasisExpansion.BSpline(intervals: 10))
    ///     .Append(mlContext.Regression.Trainers.BayesianLinearRegression(featureColumnName: "Splines"));
    /// </code></example>
    public static ProbabilisticTrainer<BasisExpansionModel> BasisFunctions(
        this TransformsCatalog catalog,
        string outputColumnName,
        BasisExpansion basis,
        string inputColumnName = "Features",
        string? exampleWeightColumnName = null,
        TrainingMonitor? monitor = null) => ProbabilisticTrainer.Create(
            catalog,
            new BasisExpansionFitter(outputColumnName, basis),
            new(Features: inputColumnName, Weight: exampleWeightColumnName),
            monitor,
            "ProbMLBasisFunctions");
}
