using System.Diagnostics;
using ProbML.Fitting;

namespace ProbML;

/// <summary>Fits generalized linear models by maximum likelihood, or by the posterior mode where there is a penalty.</summary>
/// <remarks>
/// The rows are streamed: a pass over them an iteration, on all cores, in memory that does not grow with their number.
/// Nelder &amp; Wedderburn (1972); McCullagh &amp; Nelder (1989), §2.5.
/// </remarks>
public sealed class GlmFitter : IFitter<GlmModel>
{
    private readonly GlmOptions options;
    private readonly PredictionTask task;

    /// <summary>A fitter for the options.</summary>
    /// <param name="options">The model and how it is fitted.</param>
    /// <param name="task">Which columns the fitted model gives.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or does not go with the task.</exception>
    public GlmFitter(GlmOptions options, PredictionTask task = PredictionTask.Regression)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var family = options.Family ?? (task == PredictionTask.Regression ? Families.Gaussian : Families.Bernoulli);
        if (family is BernoulliFamily != (task == PredictionTask.BinaryClassification))
            throw new ArgumentOutOfRangeException(
                nameof(options),
                family.Name,
                task == PredictionTask.Regression
                    ? "The Bernoulli family is for two classes: use mlContext.BinaryClassification.Trainers.Glm."
                    : $"Two classes are Bernoulli; the {family.Name} family is for mlContext.Regression.Trainers.Glm.");
        options.Dispersion.Check(family);
        var link = options.Link ?? family.CanonicalLink;
        this.options = options with { Family = family, Link = link };
        this.task = task;
        Outputs = GlmColumns.Of(task);
    }

    /// <summary>The family it fits.</summary>
    public IFamily Family => options.Family!;

    /// <summary>The link it fits with.</summary>
    public ILinkFunction Link => options.Link!;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <inheritdoc/>
    public GlmModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        var watch = Stopwatch.StartNew();
        var (family, link) = (options.Family!, options.Link!);
        bool isSparse = design.IsSparse && options.L1 == 0;
        if (!isSparse)
            options.CheckWidth(design.FeatureCount);
        var (moments, structure) = isSparse
            ? SparseMoments(design, family, monitor)
            : (design.Sum(() => new ResponseMoments(design.FeatureCount, family), monitor, options.NumberOfThreads), null);
        ResponseChecks.Check(moments, design, family);

        bool estimateTheta = family is NegativeBinomialFamily { Theta: null };
        if (estimateTheta)
            family = new NegativeBinomialFamily(NegativeBinomialTheta.FromMoments(
                moments.ResponseMean, moments.ResponseSquares / moments.SumOfWeights));
        bool newtonDiffers = estimateTheta || !HasConstantCurvature(family, link);
        var (estimate, model) = structure is null
            ? FitDense(design, family, link, moments, (estimateTheta, newtonDiffers), monitor, watch)
            : FitSparse(design, structure, family, link, moments, (estimateTheta, newtonDiffers), monitor, watch);
        Warn(model, estimate, design, monitor);
        monitor.Information?.Invoke(
            $"GLM ({model.Family.Name}, {model.Link.Name}): {moments.Rows} rows, {model.Statistics.Iterations} iterations, "
            + $"deviance {model.Statistics.Deviance:G6}, {(model.Converged ? "converged" : "not converged")}.");
        return model;
    }

    private (ResponseMoments Moments, FeatureStructure? Structure) SparseMoments(
        Design design, IFamily family, TrainingMonitor monitor)
    {
        var guess = StructureGuess.From(design);
        var pattern = design.SumSparse(
            () => new FeaturePattern(guess, design.FeatureCount, family), monitor, options.NumberOfThreads);
        return (pattern.Moments, new FeatureStructure(guess, pattern));
    }

    private (GlmEstimate Estimate, GlmModel Model) FitSparse(
        Design design,
        FeatureStructure structure,
        IFamily family,
        ILinkFunction link,
        ResponseMoments moments,
        (bool EstimateTheta, bool NewtonDiffers) kind,
        TrainingMonitor monitor,
        Stopwatch watch)
    {
        var passes = new SparsePasses(design, options, structure, kind.EstimateTheta, monitor);
        if (passes.GradientsOnly && kind.EstimateTheta)
            throw new InvalidOperationException(
                $"Theta cannot be estimated together with {design.FeatureCount} coefficients whose information matrix is too large. "
                + "Give theta, Families.NegativeBinomial(theta), or raise LargestMatrix.");
        var iteration = new GlmIteration(
            design, options, kind.EstimateTheta, kind.NewtonDiffers, monitor, watch, passes.At);
        var start = new SparseStart(iteration, passes, options, moments);
        var (point, at) = start.Find(family, link, design.FeatureNames);
        var penalty = new Penalty(options, point.Transform);
        var estimate = at is GradientSum gradient
            ? new GradientIteration(
                from => passes.Gradient(from, Information.Expected), passes.LayoutOf(point.Transform), options, monitor, watch)
                .Run(point, gradient, penalty, moments.Rows)
            : iteration.Run(point, at, penalty, moments.Rows);
        var summary = new GlmSummary(
            design, options, moments, estimate, kind.EstimateTheta, kind.NewtonDiffers, monitor, passes);
        return (estimate, summary.Build(task, start.Aliasing));
    }

    private (GlmEstimate Estimate, GlmModel Model) FitDense(
        Design design,
        IFamily family,
        ILinkFunction link,
        ResponseMoments moments,
        (bool EstimateTheta, bool NewtonDiffers) kind,
        TrainingMonitor monitor,
        Stopwatch watch)
    {
        var iteration = new GlmIteration(design, options, kind.EstimateTheta, kind.NewtonDiffers, monitor, watch);
        var start = new GlmStart(iteration, options, moments);
        var near = WarmStart.Find(design, options, family, link, moments.Rows, kind, monitor);
        var (point, at) = start.Find(family, link, near);
        var estimate = iteration.Run(point, at, new Penalty(options, point.Transform), moments.Rows);
        var summary = new GlmSummary(
            design, options, moments, estimate, kind.EstimateTheta, kind.NewtonDiffers, monitor);
        return (estimate, summary.Build(task, Aliasing.Describe(start, design.FeatureNames)));
    }

    /// <summary>Canonical links (and the tanh, half the logit): Newton's method and Fisher scoring are the same.</summary>
    internal static bool HasConstantCurvature(IFamily family, ILinkFunction link) => family switch
    {
        BernoulliFamily => link is LogitLink or TanhLink,
        GaussianFamily or PoissonFamily or GammaFamily or InverseGaussianFamily => link.Equals(family.CanonicalLink),
        _ => false,
    };

    private static void Warn(GlmModel model, GlmEstimate estimate, Design design, TrainingMonitor monitor)
    {
        if (monitor.Warning is not { } warn)
            return;
        var aliased = model.Coefficients.Where(c => c.IsAliased).ToList();
        if (aliased.Count > 0)
            warn($"{aliased.Count} of {model.Coefficients.Count} coefficients are aliased and left out: "
                + string.Join("; ", aliased.Take(5).Select(c => $"{c.Name} ({c.Aliasing})"))
                + (aliased.Count > 5 ? "; ..." : ".") + " The other coefficients are estimated without them.");
        if (model.CovarianceNote is { } note)
            warn(note);
        if (model.Statistics.ResidualDegreesOfFreedom <= 0)
            warn($"There are {model.Statistics.PositiveRows} rows for {model.Statistics.Rank} coefficients: the model is "
                + "saturated, and nothing is left to estimate standard errors from.");
        string runaway = estimate.Runaway < 0 ? "the intercept" : $"the coefficient of '{Name(estimate, design)}'";
        switch (model.Statistics.Status)
        {
            case GlmStatus.Separated:
                bool perfect = model.Statistics.Deviance < 1e-4 * Math.Max(1, model.Statistics.NullDeviance);
                warn($"{(perfect ? "Perfect" : "Quasi-complete")} separation: some fitted means run to the edge of their range, "
                    + $"no maximum-likelihood estimate exists and {runaway} runs away. Set L2 > 0 for a finite posterior mode, "
                    + "or leave that feature out.");
                break;
            case GlmStatus.NotConverged:
                warn($"The fit did not converge in {model.Statistics.Iterations} iterations; {runaway} still moves most. "
                    + "Raise MaximumIterations, or choose a link whose means are always valid.");
                break;
            case GlmStatus.NoOverdispersion:
                warn("Theta grows without bound: the counts vary no more than Poisson counts. Use the Poisson family.");
                break;
        }
    }

    private static string Name(GlmEstimate estimate, Design design)
    {
        var transform = estimate.Point.Transform;
        return design.FeatureNames[transform.Columns[estimate.Runaway - (transform.Intercept ? 1 : 0)]];
    }
}
