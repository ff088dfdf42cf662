using ProbML.Fitting;

namespace ProbML;

/// <summary>
/// Fits ordinal (cumulative link) models by maximum likelihood, or by the posterior mode where there is a penalty.
/// </summary>
/// <remarks>
/// Newton's method with step halving on thresholds and coefficients together, one pass over the rows an iteration; a
/// step that puts thresholds out of order is halved. Responses are class indices 0 … K − 1, from the lowest class to
/// the highest. McCullagh (1980); Agresti (2010), Analysis of Ordinal Categorical Data, ch. 3 and 5.
/// </remarks>
public sealed class OrdinalFitter : IFitter<OrdinalModel>
{
    private readonly OrdinalOptions options;
    private readonly string[] classNames;

    /// <summary>A fitter for classes and options.</summary>
    /// <param name="classNames">The classes, from the lowest to the highest.</param>
    /// <param name="options">The model and how it is fitted.</param>
    /// <exception cref="ArgumentException">Fewer than two classes are named, or one is named twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public OrdinalFitter(IReadOnlyList<string> classNames, OrdinalOptions? options = null)
    {
        this.options = options ?? new();
        this.options.Validate();
        this.classNames = ClassCounts.Check(classNames);
        Outputs = ClassScores.Columns(classNames.Count);
    }

    /// <summary>The classes, from the lowest to the highest.</summary>
    public IReadOnlyList<string> ClassNames => classNames;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <inheritdoc/>
    public OrdinalModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        double[] counts = ClassCounts.Of(design, classNames, monitor, options.NumberOfThreads);
        var fit = new VectorFit(design, options.Common, monitor);
        int width = fit.Transform.Width - 1;              // the first column, the constant, is the thresholds'
        double[] thresholds = Thresholds(counts, fit.Moments.OffsetMean);
        var response = new OrdinalResponse(options.Link, classNames.Length);
        double[] penalty = VectorPenalty.Of(options.Common, fit.Transform, 1, 1, thresholds.Length);
        var estimate = fit.Run(response, 1, [.. new double[width], .. thresholds], penalty, vanishes: true);
        double nothing = design.HasOffsets
            ? fit.NullLogLikelihood(response, 1, thresholds)
            : ClassCounts.LogLikelihood(counts);
        var model = new OrdinalModel(classNames, options, fit.Parts(estimate, penalty, nothing));
        string runaway = estimate.Runaway < width
            ? fit.Name(estimate.Runaway + 1)
            : model.Coefficients[estimate.Runaway - width].Name;
        fit.Tell($"Ordinal ({options.Link.Name})", model.Parts, model.Coefficients, runaway);
        return model;
    }

    /// <summary>F⁻¹ of the classes' cumulative shares.</summary>
    private double[] Thresholds(double[] counts, double offset)
    {
        double sum = counts.Sum(), below = 0;
        var thresholds = new double[counts.Length - 1];
        for (int j = 0; j < thresholds.Length; j++)
            thresholds[j] = options.Link.Link((below += counts[j]) / sum) + offset;
        return thresholds;
    }
}
