using ProbML.Fitting;

namespace ProbML;

/// <summary>
/// Fits multinomial (softmax) models by maximum likelihood, or by the posterior mode where there is a penalty.
/// </summary>
/// <remarks>
/// Newton's method with step halving, one pass over the rows an iteration. Responses are class indices 0 … K − 1.
/// Agresti (2013), Categorical Data Analysis, §8.1.
/// </remarks>
public sealed class MultinomialFitter : IFitter<MultinomialModel>
{
    private readonly MultinomialOptions options;
    private readonly string[] classNames;

    /// <summary>A fitter for classes and options.</summary>
    /// <param name="classNames">The classes, in the order of their indices; the first is the reference.</param>
    /// <param name="options">The model and how it is fitted.</param>
    /// <exception cref="ArgumentException">Fewer than two classes are named, or one is named twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public MultinomialFitter(IReadOnlyList<string> classNames, MultinomialOptions? options = null)
    {
        this.options = options ?? new();
        this.options.Validate();
        this.classNames = ClassCounts.Check(classNames);
        Outputs = ClassScores.Columns(classNames.Count);
    }

    /// <summary>The classes, in the order of their indices.</summary>
    public IReadOnlyList<string> ClassNames => classNames;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <inheritdoc/>
    public MultinomialModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        if (design.HasOffsets)
            throw new InvalidOperationException(
                "A multinomial model has several linear predictors: an offset has no meaning. Leave the offset column out.");
        double[] counts = ClassCounts.Of(design, classNames, monitor, options.NumberOfThreads);
        var fit = new VectorFit(design, options.Common, monitor);
        // Without a penalty the codings are the same model, and the reference's is the one with full rank.
        bool all = options is { Coding: MultinomialCoding.Symmetric, L2: > 0 };
        int classes = classNames.Length, blocks = all ? classes : classes - 1, q = fit.Transform.Width;
        double[] penalty = VectorPenalty.Multinomial(options, fit.Transform, blocks), start = new double[blocks * q];
        if (options.Intercept)
        {
            double centre = all ? counts.Average(Math.Log) : Math.Log(counts[0]);
            for (int a = 0; a < blocks; a++)
                start[a * q] = (Math.Log(counts[classes - blocks + a]) - centre) / (fit.Transform.Mixing?[0] ?? 1);
        }
        var estimate = fit.Run(new SoftmaxResponse(classes, blocks), 0, start, penalty, vanishes: true);
        double sum = counts.Sum();
        double nothing = options.Intercept ? ClassCounts.LogLikelihood(counts) : -sum * Math.Log(classes);
        var model = new MultinomialModel(classNames, options, fit.Parts(estimate, penalty, nothing));
        string runaway = q == 0 ? "nothing"
            : $"{fit.Name(estimate.Runaway % q)} for class '{classNames[classes - blocks + estimate.Runaway / q]}'";
        fit.Tell("Multinomial", model.Parts, model.Coefficients, runaway);
        return model;
    }
}
