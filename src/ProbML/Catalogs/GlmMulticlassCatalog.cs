using Microsoft.ML.Runtime;
using ProbML;

namespace Microsoft.ML;

/// <summary>Generalized linear models for several classes, as multiclass trainers.</summary>
public static class GlmMulticlassCatalog
{
    /// <summary>Fits multinomial (softmax) regression: P(Y = k) = exp(ηₖ) / Σⱼ exp(ηⱼ), ηₖ = β₀ₖ + xᵀβₖ.</summary>
    /// <remarks>
    /// Adds Score (the probabilities of the classes), ProbabilityStandardError, ProbabilityLowerBound and
    /// ProbabilityUpperBound (of each), LogDensity (of the label) and PredictedLabel. Agresti (2013), §8.1.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">A key, as MapValueToKey makes; its first value is the reference.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="coding">How the coefficients are identified: against the reference, or all classes alike.</param>
    /// <param name="l2">The weight of ½ Σβ²: the precision of a normal prior on each coefficient.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <example><code>
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label", "Species")
    ///     .Append(mlContext.MulticlassClassification.Trainers.MultinomialRegression())
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    /// </code></example>
    public static ProbabilisticTrainer<MultinomialModel> MultinomialRegression(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        MultinomialCoding coding = MultinomialCoding.Reference,
        double l2 = 0,
        TrainingMonitor? monitor = null) => MultinomialRegression(
            catalog,
            new MultinomialOptions { Coding = coding, L2 = l2 },
            labelColumnName,
            featureColumnName,
            exampleWeightColumnName,
            monitor);

    /// <summary>Fits multinomial (softmax) regression with options.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Coding, penalty, level and so on.</param>
    /// <param name="labelColumnName">A key, as MapValueToKey makes; its first value is the reference.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<MultinomialModel> MultinomialRegression(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        MultinomialOptions options,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        TrainingMonitor? monitor = null)
    {
        Contracts.CheckValue(options, nameof(options));
        return ProbabilisticTrainer.Create(
            catalog,
            new ClassFitter<MultinomialModel>(names => new MultinomialFitter(names, options)),
            new(labelColumnName, featureColumnName, exampleWeightColumnName),
            monitor,
            "ProbMLMultinomial");
    }

    /// <summary>Fits ordinal (cumulative link) regression: P(Y ≤ j) = F(τⱼ − xᵀβ − offset), τ₁ &lt; τ₂ &lt; …</summary>
    /// <remarks>
    /// The classes are in the order of the key, from the lowest to the highest: MapValueToKey numbers them as they
    /// occur, unless it is given <c>keyOrdinality: ByValue</c> or <c>keyData</c>. Adds Score (the probabilities of the
    /// classes), ProbabilityStandardError, ProbabilityLowerBound and ProbabilityUpperBound (of each), LogDensity (of
    /// the label) and PredictedLabel. McCullagh (1980).
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">A key whose values are in order.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to xᵀβ, or null.</param>
    /// <param name="link">The inverse of F: logit, probit, cloglog or loglog; null: logit (proportional odds).</param>
    /// <param name="l2">The weight of ½ Σβ²: the precision of a normal prior on each coefficient.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<OrdinalModel> OrdinalRegression(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        ILinkFunction? link = null,
        double l2 = 0,
        TrainingMonitor? monitor = null) => OrdinalRegression(
            catalog,
            new OrdinalOptions { Link = link ?? Links.Logit, L2 = l2 },
            labelColumnName,
            featureColumnName,
            exampleWeightColumnName,
            offsetColumnName,
            monitor);

    /// <summary>Fits ordinal (cumulative link) regression with options.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Link, penalty, level and so on.</param>
    /// <param name="labelColumnName">A key whose values are in order.</param>
    /// <param name="featureColumnName">A vector of Single or Double; no normalization is needed.</param>
    /// <param name="exampleWeightColumnName">Prior weights, or null.</param>
    /// <param name="offsetColumnName">Added to xᵀβ, or null.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static ProbabilisticTrainer<OrdinalModel> OrdinalRegression(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        OrdinalOptions options,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        string? offsetColumnName = null,
        TrainingMonitor? monitor = null)
    {
        Contracts.CheckValue(options, nameof(options));
        return ProbabilisticTrainer.Create(
            catalog,
            new ClassFitter<OrdinalModel>(names => new OrdinalFitter(names, options)),
            new(labelColumnName, featureColumnName, exampleWeightColumnName, offsetColumnName),
            monitor,
            "ProbMLOrdinal");
    }
}
