using ProbML.Fitting;

namespace ProbML;

/// <summary>Fits Bayesian generalized linear models: any family and link, any prior, by the inference of the options.</summary>
/// <remarks>
/// The mode, Laplace and variational normals stream the rows; expectation propagation and NUTS hold them in memory. McCullagh &amp; Nelder
/// (1989); Gelman et al. (2013), Bayesian Data Analysis, ch. 13 and 16.
/// </remarks>
public sealed class BayesianGlmFitter : IFitter<BayesianGlmModel>
{
    private readonly BayesianGlmOptions options;
    private readonly PredictionTask task;

    /// <summary>A fitter for the options.</summary>
    /// <param name="options">Model, priors and inference; null: the usual ones.</param>
    /// <param name="task">Which columns the fitted model gives.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or does not go with the task.</exception>
    /// <exception cref="ArgumentException">A prior does not go with the inference.</exception>
    public BayesianGlmFitter(BayesianGlmOptions? options = null, PredictionTask task = PredictionTask.Regression)
    {
        options ??= new();
        options.Validate();
        var family = options.Family ?? (task == PredictionTask.Regression ? Families.Gaussian : Families.Bernoulli);
        if (family is BernoulliFamily != (task == PredictionTask.BinaryClassification))
            throw new ArgumentOutOfRangeException(
                nameof(options),
                family.Name,
                task == PredictionTask.Regression
                    ? "The Bernoulli family is for two classes: use mlContext.BinaryClassification.Trainers.BayesianGlm."
                    : $"Two classes are Bernoulli; the {family.Name} family is for mlContext.Regression.Trainers.BayesianGlm.");
        if (options.Dispersion is not null && !EtaLikelihood.HasFreeDispersion(family))
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Dispersion, $"The {family.Name} family has no free dispersion: leave its prior out.");
        if (options.Inference is ExpectationPropagationInference && EtaLikelihood.HasFreeDispersion(family)
            && options.Dispersion is not FixedDispersion)
            throw new ArgumentOutOfRangeException(
                nameof(options), family.Name, "Expectation propagation needs a known dispersion: DispersionPrior.Fixed(value).");
        this.options = options with { Family = family, Link = options.Link ?? family.CanonicalLink };
        this.task = task;
    }

    /// <summary>The family it fits.</summary>
    public IFamily Family => options.Family!;

    /// <summary>The link it fits with.</summary>
    public ILinkFunction Link => options.Link!;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => BayesianColumns.Of(task);

    /// <inheritdoc/>
    public BayesianGlmModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        var (family, link) = (Family, Link);
        var moments = design.Sum(() => new ResponseMoments(design.FeatureCount, family), monitor, options.NumberOfThreads);
        ResponseChecks.CheckPossible(moments, design, family);
        var dispersion = options.Dispersion ?? (EtaLikelihood.HasFreeDispersion(family) ? Usual(family, moments, design) : null);
        var transform = options.Inference is VariationalInference { FullRank: false }
            ? Plain(design.FeatureCount)
            : RowTransform.Standardising(moments, options.Intercept, centre: options.Intercept);
        var problem = new PosteriorProblem(
            design, family, link, transform, new PriorTerms(options.Priors, transform, design.FeatureNames),
            dispersion is FixedDispersion ? null : dispersion,
            dispersion is FixedDispersion known ? Math.Log(known.Value) : 0,
            monitor, options.NumberOfThreads);
        var posterior = new PosteriorSearch(problem, options, moments).Run();
        var parts = new BayesianGlmParts
        {
            Task = task,
            Family = family,
            Link = link,
            Intercept = options.Intercept,
            Level = options.Level,
            InferenceName = PosteriorSearch.Name(options.Inference),
            Priors = options.Priors,
            Dispersion = dispersion,
            FeatureNames = [.. design.FeatureNames],
            ResponseName = design.ResponseName,
            Rows = moments.PositiveRows,
        };
        var model = new BayesianGlmModel(parts, posterior);
        if (posterior.Diagnostics is not null)
            model = new BayesianGlmModel(parts, WithExtremes(posterior, model));
        Warn(model, monitor);
        return model;
    }

    /// <summary>Fits new rows with an earlier model's posterior as their prior.</summary>
    /// <remarks>Exact where the posterior is normal; else a normal, and a log-normal of φ, stand for it.</remarks>
    /// <param name="model">A fitted model; its family, link, intercept and level are kept.</param>
    /// <param name="design">The new rows, of the same features.</param>
    /// <param name="inference">How the new posterior is found.</param>
    /// <param name="monitor">Progress and cancellation; null: none.</param>
    /// <exception cref="InvalidOperationException">The model knows its mode only, or the features are others.</exception>
    public static BayesianGlmModel Update(
        BayesianGlmModel model, Design design, Inference inference, TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(design);
        var options = new BayesianGlmOptions
        {
            Family = model.Family,
            Link = model.Link,
            Intercept = model.Parts.Intercept,
            Level = model.Level,
            Priors = CoefficientPriors.From(model.ToPrior()),
            Dispersion = model.LogDispersion is { } tau
                ? DispersionPrior.LogNormal(tau.Mean, tau.StandardDeviation)
                : model.Parts.Dispersion,
            Inference = inference,
        };
        return new BayesianGlmFitter(options, model.Task).Fit(design, monitor ?? TrainingMonitor.None);
    }

    private static DispersionPrior Usual(IFamily family, ResponseMoments moments, Design design)
    {
        if (family is not GaussianFamily)
            return DispersionPrior.HalfCauchy(2.5);
        double sd = Math.Sqrt(moments.ResponseSquares / moments.SumOfWeights);
        return sd > 1e-14 * Math.Abs(moments.ResponseMean)
            ? DispersionPrior.HalfCauchy(2.5 * sd)
            : throw new InvalidOperationException(
                $"All {moments.PositiveRows} responses in '{design.ResponseName}' are equal: their variance is zero. Check the label column, or "
                + "give the dispersion a prior of its own.");
    }

    private RowTransform Plain(int d)
    {
        var rate = new double[d];
        Array.Fill(rate, 1);
        return new(options.Intercept, d, [.. Enumerable.Range(0, d)], rate, new double[d], null);
    }

    /// <summary>The worst of the coefficients' diagnostics, and what follows from them.</summary>
    private static GlmPosterior WithExtremes(GlmPosterior posterior, BayesianGlmModel model)
    {
        IEnumerable<BayesianCoefficient> all = model.LogDispersion is null ? model.Coefficients : [.. model.Coefficients, model.LogDispersion];
        var diagnostics = posterior.Diagnostics! with
        {
            MaximumRHat = all.Max(c => c.RHat!.Value),
            MinimumBulkEffectiveSize = all.Min(c => c.BulkEffectiveSize!.Value),
            MinimumTailEffectiveSize = all.Min(c => c.TailEffectiveSize!.Value),
        };
        return posterior with { Diagnostics = diagnostics, Converged = diagnostics.Converged };
    }

    private static void Warn(BayesianGlmModel model, TrainingMonitor monitor)
    {
        if (model.Diagnostics is { } d)
        {
            if (d.Divergences > 0)
                monitor.Warning?.Invoke(
                    $"{d.Divergences} of {d.Chains * d.DrawsPerChain} transitions diverged: the draws may miss a part of the posterior. Raise "
                    + "TargetAcceptance, or choose priors that keep coefficients apart from the edge.");
            if (!(d.MaximumRHat <= 1.01))
                monitor.Warning?.Invoke(
                    $"The chains disagree: the largest R-hat is {d.MaximumRHat:F3}, above 1.01. Raise Warmup and Draws.");
        }
        else if (!model.Converged)
        {
            monitor.Warning?.Invoke(
                $"The {model.InferenceName} posterior did not converge. Raise MaximumIterations (or Steps), or choose tighter priors.");
        }
    }
}
