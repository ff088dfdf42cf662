using System.Globalization;
using ProbML.Fitting;

namespace ProbML;

/// <summary>Fits a generalized linear model along a path of penalties, and chooses one by cross-validation.</summary>
/// <remarks>
/// From the λ at which all penalised coefficients are zero downwards, each fit starting where the last one ended: coordinate
/// descent on the quadratic about a point, repeated to convergence; all folds are fitted together, in the same passes over
/// the rows (for the Gaussian family with the identity link two passes in all: moments, and cross-products by fold). The
/// objective is at <see cref="GlmPathOptions"/>. Friedman, Hastie &amp; Tibshirani (2010); Lee, Sun &amp; Saunders (2014).
/// </remarks>
public sealed class GlmPathFitter : IFitter<GlmModel>
{
    private readonly GlmPathOptions path;
    private readonly GlmOptions options;
    private readonly PredictionTask task;
    private readonly GlmFitter fitter;

    /// <summary>A fitter for the options.</summary>
    /// <param name="path">The penalties and how one is chosen.</param>
    /// <param name="options">The model; null: Gaussian or Bernoulli, with the canonical link. Its own penalties must be zero.</param>
    /// <param name="task">Which columns the fitted model gives.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or does not go with a path.</exception>
    public GlmPathFitter(
        GlmPathOptions path, GlmOptions? options = null, PredictionTask task = PredictionTask.Regression)
    {
        ArgumentNullException.ThrowIfNull(path);
        path.Validate();
        options ??= new();
        fitter = new GlmFitter(options, task);
        if (options.IsPenalised || options.PenaliseIntercept)
            throw new ArgumentOutOfRangeException(
                nameof(options), options, "The path sets L1 and L2 and leaves the intercept free: leave them out of the options.");
        if (fitter.Family is NegativeBinomialFamily { Theta: null })
            throw new ArgumentOutOfRangeException(
                nameof(options), fitter.Family.Name, "A path needs a known theta: use Families.NegativeBinomial(theta).");
        (this.path, this.task) = (path, task);
        this.options = options with { Family = fitter.Family, Link = fitter.Link };
    }

    /// <summary>The family it fits.</summary>
    public IFamily Family => fitter.Family;

    /// <summary>The link it fits with.</summary>
    public ILinkFunction Link => fitter.Link;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => fitter.Outputs;

    /// <summary>Fits the path, chooses λ by cross-validation and fits the model at it, whose path is <see cref="GlmPath.Of"/>.</summary>
    /// <param name="design">The rows.</param>
    /// <param name="monitor">Progress, cancellation and messages.</param>
    /// <exception cref="OperationCanceledException">The monitor says so.</exception>
    /// <exception cref="InvalidOperationException">
    /// The data do not allow a fit, or no λ is chosen because <see cref="GlmPathOptions.Folds"/> is null.
    /// </exception>
    public GlmModel Fit(Design design, TrainingMonitor monitor)
    {
        if (path.Folds is null)
            throw new InvalidOperationException("Without cross-validation no lambda is chosen: set Folds, or call FitPath.");
        var found = FitPath(design, monitor);
        var model = found.At(found.CrossValidation!.Chosen, monitor);
        monitor.Information?.Invoke(string.Create(
            CultureInfo.InvariantCulture,
            $"Path ({model.Family.Name}, {model.Link.Name}): {found.Lambdas.Count} values of lambda, chosen "
            + $"{found.CrossValidation.Chosen:G4} with {found.NonZeroCount(found.CrossValidation.Chosen)} coefficients."));
        return model;
    }

    /// <summary>Fits the path, and cross-validates it where folds are asked for.</summary>
    /// <param name="design">The rows.</param>
    /// <param name="monitor">Progress, cancellation and messages.</param>
    /// <exception cref="OperationCanceledException">The monitor says so.</exception>
    /// <exception cref="InvalidOperationException">The data do not allow a fit; the message says why.</exception>
    public GlmPath FitPath(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        var (family, link) = (options.Family!, options.Link!);
        options.CheckWidth(design.FeatureCount);
        var moments = design.Sum(
            () => new ResponseMoments(design.FeatureCount, family), monitor, options.NumberOfThreads);
        ResponseChecks.Check(moments, design, family);
        int folds = path.Folds ?? 0;
        if (folds > moments.PositiveRows)
            throw new InvalidOperationException(
                $"{folds} folds need as many rows, but there are {moments.PositiveRows}. Ask for fewer folds.");
        var transform = RowTransform.Standardising(moments, options.Intercept, centre: options.Intercept);
        var penalty = new PathPenalty(path, transform, moments);
        var (fit, weights) = Begin(design, moments, transform, penalty, folds, monitor);
        var record = new PathRecord(transform, folds, weights, fit.NullDeviance);
        double[] lambdas = Lambdas(fit, moments, design);
        fit.Planned = lambdas.Length;
        foreach (double lambda in lambdas)
        {
            fit.Solve(lambda);
            record.Add(lambda, fit.Problems);
            if (path.Lambdas is null && path.StopEarly && record.HasSettled)
                break;
        }
        if (record.Unconverged is { } where)
            monitor.Warning?.Invoke(where);
        return new GlmPath(record, path, new PathRefit(design, options, path, task, moments, transform, penalty));
    }

    private double[] Lambdas(PathFit fit, ResponseMoments moments, Design design)
    {
        if (path.Lambdas is not null)
            return [.. path.Lambdas.OrderDescending()];
        double largest = fit.LargestLambda;
        if (!(largest > 0))
            throw new InvalidOperationException(
                $"No feature is related to '{design.ResponseName}' at all: there is nothing to penalise. Check that the "
                + "response and the features vary, or give Lambdas.");
        double ratio = path.LambdaRatio ?? (moments.PositiveRows > design.FeatureCount ? 1e-4 : 1e-2);
        int last = Math.Max(1, path.LambdaCount - 1);
        return [.. Enumerable.Range(0, path.LambdaCount).Select(k => largest * Math.Pow(ratio, (double)k / last))];
    }

    private (PathFit Fit, double[] FoldWeights) Begin(
        Design design, ResponseMoments moments, RowTransform transform, PathPenalty penalty, int folds, TrainingMonitor monitor)
    {
        var (family, link) = (options.Family!, options.Link!);
        int seed = path.Seed ?? monitor.Seed ?? 1;
        FoldAssignment? Assignment() => folds > 0 ? new FoldAssignment(folds, seed) : null;
        var start = new double[transform.Width];
        double mean = link.Link(moments.ResponseMean);
        if (options.Intercept)
            start[0] = mean - moments.OffsetMean;
        if (family is GaussianFamily && link is IdentityLink)
        {
            var sum = design.Sum(() => new FoldGram(transform, Assignment(), folds, start), monitor, options.NumberOfThreads);
            CheckFolds(sum.Weight);
            return (new(new GramPathValues(sum, start), Problems(sum.Weight, start, lend: false), penalty, path.Tolerance, monitor), sum.Weight);
        }
        double[] weights = folds == 0
            ? [moments.SumOfWeights]
            : design.Sum(() => new FoldWeights(Assignment()!, folds), monitor, options.NumberOfThreads).Weight;
        CheckFolds(weights);
        var values = new StreamedPathValues(
            design, transform, family, link, Assignment, moments.Rows, options.NumberOfThreads, monitor);
        var fit = new PathFit(values, Problems(weights, start), penalty, path.Tolerance, monitor);
        if (!fit.IsValid && options.Intercept && moments.OffsetMean != 0)
        {
            start = [mean, .. start[1..]];
            fit = new PathFit(values, Problems(weights, start), penalty, path.Tolerance, monitor);
        }
        if (!fit.IsValid)
            throw new InvalidOperationException(
                $"The path starts at the model without features, whose means lie outside the domain of the {family.Name} family "
                + $"with the {link.Name} link. Add an intercept or choose a link whose means are always valid, such as log.");
        return (fit, weights);
    }

    /// <summary>The fit to all rows, then the fits without one fold each.</summary>
    private static PathProblem[] Problems(double[] foldWeights, double[] start, bool lend = true)
    {
        double total = foldWeights.Sum();
        var all = new PathProblem(0, total, start);
        return [all, .. foldWeights.Skip(1).Select((w, f) => new PathProblem(f + 1, total - w, start, lend ? all : null))];
    }

    private static void CheckFolds(double[] weights)
    {
        int empty = Array.FindIndex(weights, 1, w => !(w > 0));
        if (empty > 0)
            throw new InvalidOperationException(
                $"Fold {empty} of the cross-validation holds no row of positive weight. Ask for fewer folds, or another seed.");
    }
}
