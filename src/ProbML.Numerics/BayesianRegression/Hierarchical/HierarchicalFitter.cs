using ProbML.Fitting;

namespace ProbML;

/// <summary>Fits hierarchical (mixed) regressions: partial pooling of intercepts and slopes over the groups of columns.</summary>
/// <remarks>
/// Likelihoods stream the rows and keep sums by groups; NUTS holds the rows in memory. Gelman &amp; Hill (2007); Bates et al. (2015), Fitting
/// Linear Mixed-Effects Models Using lme4, J. Stat. Softw. 67.
/// </remarks>
public sealed class HierarchicalFitter : IFitter<HierarchicalModel>
{
    private readonly HierarchicalOptions options;
    private readonly PredictionTask task;

    /// <summary>A fitter for the options.</summary>
    /// <param name="options">Effects, family, inference and so on.</param>
    /// <param name="task">Which columns the fitted model gives.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or does not go with the task.</exception>
    /// <exception cref="ArgumentException">The effects contradict each other or the inference.</exception>
    public HierarchicalFitter(HierarchicalOptions options, PredictionTask task = PredictionTask.Regression)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var family = options.Family ?? (task == PredictionTask.Regression ? Families.Gaussian : Families.Bernoulli);
        if (family is BernoulliFamily != (task == PredictionTask.BinaryClassification))
            throw new ArgumentOutOfRangeException(
                nameof(options),
                family.Name,
                task == PredictionTask.Regression
                    ? "The Bernoulli family is for two classes: use mlContext.BinaryClassification.Trainers.Hierarchical."
                    : $"Two classes are Bernoulli; the {family.Name} family is for mlContext.Regression.Trainers.Hierarchical.");
        var link = options.Link ?? family.CanonicalLink;
        bool isLinear = family is GaussianFamily && link is IdentityLink;
        var inference = options.Inference
            ?? (isLinear ? HierarchicalInference.RestrictedLikelihood : HierarchicalInference.Laplace);
        Check(family, link, isLinear, inference, options);
        this.options = options with { Family = family, Link = link, Inference = inference };
        this.task = task;
    }

    /// <summary>The family it fits.</summary>
    public IFamily Family => options.Family!;

    /// <summary>The link it fits with.</summary>
    public ILinkFunction Link => options.Link!;

    /// <summary>The columns of groups it reads.</summary>
    public IReadOnlyList<string> GroupColumns => [.. options.Effects.Select(effect => effect.Group)];

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => HierarchicalColumns.Of(task);

    /// <inheritdoc/>
    public HierarchicalModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        var moments = design.Sum(() => new ResponseMoments(design.FeatureCount, Family), monitor, options.NumberOfThreads);
        ResponseChecks.Check(moments, design, Family);
        var (problem, tally) = MixedStart.Arrange(design, options, moments, monitor);
        var model = options.Inference switch
        {
            HierarchicalNutsInference nuts => new HierarchicalSampling(problem, options, moments, nuts.Options).Run(Parts),
            _ when Family is GaussianFamily => LikelihoodSearch.Linear(problem, tally, options, Parts),
            _ => LikelihoodSearch.Generalized(problem, options, Parts),
        };
        HierarchicalWarnings.Tell(model, monitor);
        return model;

        HierarchicalParts Parts(MixedLayout layout) => new()
        {
            Task = task,
            Family = Family,
            Link = Link,
            Level = options.Level,
            InferenceName = options.Inference!.Name,
            FeatureNames = [.. design.FeatureNames],
            ResponseName = design.ResponseName,
            Rows = tally.Rows,
            GroupRows = [.. layout.Factors.Select(factor => tally.RowsOf(factor))],
            LogLikelihood = double.NaN,
            Iterations = 0,
            Converged = true,
        };
    }

    private static void Check(
        IFamily family, ILinkFunction link, bool isLinear, HierarchicalInference inference, HierarchicalOptions options)
    {
        if (options.Dispersion is not null && !EtaLikelihood.HasFreeDispersion(family))
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Dispersion, $"The {family.Name} family has no free dispersion: leave its prior out.");
        if (inference is HierarchicalNutsInference || isLinear)
        {
            if (isLinear && inference is QuadratureLikelihoodInference)
                throw new ArgumentOutOfRangeException(
                    nameof(options), inference.Name, "The Gaussian likelihood is exact: quadrature adds nothing. Choose Laplace.");
            return;
        }
        if (inference is RestrictedLikelihoodInference)
            throw new ArgumentOutOfRangeException(
                nameof(options), inference.Name, "The restricted likelihood is for the Gaussian with the identity link. Choose Laplace.");
        if (EtaLikelihood.HasFreeDispersion(family))
            throw new ArgumentOutOfRangeException(
                nameof(options),
                family.Name,
                $"The Laplace likelihood is for families of known dispersion (Bernoulli, Poisson, negative binomial of given theta) and for "
                + $"the Gaussian with the identity link, not for {family.Name} with the {link.Name} link. Choose HierarchicalInference.Nuts.");
    }
}
