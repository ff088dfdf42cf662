using Microsoft.ML.Data;
using ProbML;
using ProbML.GaussianProcesses;

namespace Microsoft.ML;

/// <summary>Chooses the options of any trainer by Bayesian optimisation of a cross-validated metric.</summary>
public static class TuningCatalog
{
    /// <summary>Looks for the options at which a regression pipeline's cross-validated error is smallest.</summary>
    /// <remarks>
    /// Each trial is a cross-validation; a Gaussian process of the trials says which options to try next. Snoek, Larochelle &amp; Adams (2012).
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows; cached, if reading is dear.</param>
    /// <param name="parameters">What may be chosen.</param>
    /// <param name="pipeline">The pipeline with options, by name.</param>
    /// <param name="metric">What is minimised, averaged over the folds; null: the root mean squared error.</param>
    /// <param name="folds">Of each cross-validation.</param>
    /// <param name="labelColumnName">The response.</param>
    /// <param name="options">How many trials, and how; null: 30.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentException">There are no parameters, or two of one name.</exception>
    /// <exception cref="InvalidOperationException">No trial gave a finite metric.</exception>
    public static BayesianOptimisationResult Tune(
        this RegressionCatalog catalog,
        IDataView data,
        IReadOnlyList<SearchParameter> parameters,
        Func<IReadOnlyDictionary<string, double>, IEstimator<ITransformer>> pipeline,
        Func<RegressionMetrics, double>? metric = null,
        int folds = 5,
        string labelColumnName = "Label",
        BayesianOptimisationOptions? options = null,
        TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(pipeline);
        metric ??= metrics => metrics.RootMeanSquaredError;
        return BayesianOptimisation.Minimise(
            parameters,
            at => catalog.CrossValidate(data, pipeline(at), folds, labelColumnName, seed: 1).Average(fold => metric(fold.Metrics)),
            options,
            monitor);
    }

    /// <summary>Looks for the options at which a pipeline for two classes has the smallest cross-validated loss.</summary>
    /// <remarks>As <see cref="Tune(RegressionCatalog, IDataView, IReadOnlyList{SearchParameter}, Func{IReadOnlyDictionary{string, double}, IEstimator{ITransformer}}, Func{RegressionMetrics, double}?, int, string, BayesianOptimisationOptions?, TrainingMonitor?)"/>.</remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows; cached, if reading is dear.</param>
    /// <param name="parameters">What may be chosen.</param>
    /// <param name="pipeline">The pipeline with options, by name; its last trainer gives probabilities.</param>
    /// <param name="metric">What is minimised, averaged over the folds; null: the logarithmic loss.</param>
    /// <param name="folds">Of each cross-validation.</param>
    /// <param name="labelColumnName">The label.</param>
    /// <param name="options">How many trials, and how; null: 30.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentException">There are no parameters, or two of one name.</exception>
    /// <exception cref="InvalidOperationException">No trial gave a finite metric.</exception>
    public static BayesianOptimisationResult Tune(
        this BinaryClassificationCatalog catalog,
        IDataView data,
        IReadOnlyList<SearchParameter> parameters,
        Func<IReadOnlyDictionary<string, double>, IEstimator<ITransformer>> pipeline,
        Func<CalibratedBinaryClassificationMetrics, double>? metric = null,
        int folds = 5,
        string labelColumnName = "Label",
        BayesianOptimisationOptions? options = null,
        TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(pipeline);
        metric ??= metrics => metrics.LogLoss;
        return BayesianOptimisation.Minimise(
            parameters,
            at => catalog.CrossValidate(data, pipeline(at), folds, labelColumnName, seed: 1).Average(fold => metric(fold.Metrics)),
            options,
            monitor);
    }
}
