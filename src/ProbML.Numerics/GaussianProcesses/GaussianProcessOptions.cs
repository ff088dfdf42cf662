namespace ProbML.GaussianProcesses;

/// <summary>What a Gaussian process is, and how it is fitted.</summary>
public sealed record GaussianProcessOptions
{
    /// <summary>k, where the search for hyperparameters starts; such as <c>Kernel.Parse("matern52(ard) + linear")</c>.</summary>
    /// <remarks>
    /// Lengthscales, periods, locations and frequencies are in the unit of the features: in standard deviations where
    /// <see cref="StandardizeFeatures"/> is true. Variances are in that of the target.
    /// </remarks>
    public Kernel Kernel { get; init; } = new RbfKernel { Ard = true };

    /// <summary>How the response scatters about the function; null: normally, and of two classes by the logistic function.</summary>
    public GaussianProcessLikelihood? Likelihood { get; init; }

    /// <summary>How the posterior is computed; null: exactly for a normal likelihood, variationally where its noise
    /// changes with x, by Laplace's approximation for others.</summary>
    public GaussianProcessInference? Inference { get; init; }

    /// <summary>Columns of acquisition functions, for what to evaluate next; null: none. Of a normal likelihood, or Student's t.</summary>
    public AcquisitionColumns? Acquisition { get; init; }

    /// <summary>Whether features are divided by their standard deviation, about their mean.</summary>
    public bool StandardizeFeatures { get; init; } = true;

    /// <summary>Whether a real-valued target is; predictions are in its own unit all the same.</summary>
    public bool StandardizeLabel { get; init; } = true;

    /// <summary>Whether the constant mean m is searched for with the other hyperparameters; if not it is zero (of a standardised
    /// target: its mean).</summary>
    public bool LearnMean { get; init; } = true;

    /// <summary>Whether hyperparameters are searched for; if not they are as given.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>How many further starts the search has, beside the values given: likelihoods have local optima.</summary>
    public int Restarts { get; init; } = 2;

    /// <summary>Of more rows than this, the starts are tried on a random subset, and the best one goes on with all rows.</summary>
    public int RestartRows { get; init; } = 1_000;

    /// <summary>The seed of random starts and subsets; null: the context's.</summary>
    public int? Seed { get; init; }

    /// <summary>Priors, limits, and which hyperparameters stay as given.</summary>
    public HyperparameterRules Hyperparameters { get; init; } = new();

    /// <summary>The most iterations of a climb.</summary>
    public int MaximumIterations { get; init; } = 200;

    /// <summary>A climb ends when no derivative, by a hyperparameter's logarithm, is larger.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>The level of the intervals, in (0, 1).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>How many threads are used; null: one a core. The result is the same to the last bit.</summary>
    public int? NumberOfThreads { get; init; }

    /// <summary>The most memory that matrices over rows may take, in bytes; null: what the process may still have.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Where covariances are computed; null: on the CPU, in managed code. Of exact inference and conjugate gradients.</summary>
    /// <remarks>Package ProbML.Torch has <c>TorchCovarianceDevice</c>, for CUDA. Fitted models score in managed code as ever.</remarks>
    public CovarianceDevice? Device { get; init; }

    /// <summary>Checks what can be checked without data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; its name is the parameter's.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Kernel);
        ArgumentNullException.ThrowIfNull(Hyperparameters);
        Hyperparameters.Validate();
        Inference?.Validate();
        Acquisition?.Validate();
        GlmOptions.Check(Restarts >= 0, nameof(Restarts), Restarts, "must not be negative");
        GlmOptions.Check(RestartRows >= 2, nameof(RestartRows), RestartRows, "must be 2 or more");
        GlmOptions.Check(MaximumIterations > 0, nameof(MaximumIterations), MaximumIterations, "must be positive");
        GlmOptions.Check(Tolerance > 0, nameof(Tolerance), Tolerance, "must be positive");
        GlmOptions.Check(Level is > 0 and < 1, nameof(Level), Level, "must lie strictly between 0 and 1");
        GlmOptions.Check(NumberOfThreads is null or > 0, nameof(NumberOfThreads), NumberOfThreads, "must be positive");
        GlmOptions.Check(MemoryLimit is null or > 0, nameof(MemoryLimit), MemoryLimit, "must be positive");
    }

    /// <summary>The options with likelihood and inference chosen.</summary>
    internal GaussianProcessOptions For(PredictionTask task)
    {
        Validate();
        var likelihood = Likelihood
            ?? (task == PredictionTask.Regression ? GaussianProcessLikelihood.Gaussian() : GaussianProcessLikelihood.Bernoulli());
        if (likelihood is BernoulliLikelihood != (task == PredictionTask.BinaryClassification) || likelihood is OrdinalLikelihood)
            throw Refused(
                nameof(Likelihood),
                likelihood,
                task == PredictionTask.Regression
                    ? $"The likelihood {likelihood} is for classes: use a classification catalog's GaussianProcess."
                    : $"Two classes have a Bernoulli likelihood, not {likelihood}: use the regression catalog's GaussianProcess.");
        var inference = Inference
            ?? likelihood switch
            {
                LatentLikelihood => GaussianProcessInference.Laplace,
                HeteroscedasticLikelihood => GaussianProcessInference.Variational,
                _ => GaussianProcessInference.Exact,
            };
        if (inference.Fault(likelihood) is { } fault)
            throw Refused(nameof(Inference), inference, fault);
        if (Device is not null && inference is not (ExactInference or ConjugateGradientInference))
            throw Refused(
                nameof(Device), Device, $"A device serves exact inference and conjugate gradients, not {inference}. Leave Device out, or "
                + "choose GaussianProcessInference.Exact or a ConjugateGradientInference.");
        if (Acquisition is not null && !likelihood.ScalesTarget)
            throw Refused(
                nameof(Acquisition), Acquisition, $"Acquisitions are of a response's own mean, which the likelihood {likelihood} has not: f is "
                + "another scale. Leave Acquisition out, or choose a normal likelihood or Student's t.");
        return this with { Likelihood = likelihood, Inference = inference };
    }

    /// <summary>Refuses what several classes have not: columns of acquisitions, a device.</summary>
    internal void RefuseRegressionOptions()
    {
        if (Device is not null)
            throw Refused(nameof(Device), Device, "A device serves regression with normal noise, not classes: leave Device out.");
        if (Acquisition is not null)
            throw Refused(nameof(Acquisition), Acquisition, "Classes have no columns of acquisitions: leave Acquisition out.");
    }

    private static ArgumentOutOfRangeException Refused(string option, object value, string why) => new(option, value, why);

    /// <summary>The features that name something, and are never standardised.</summary>
    internal IReadOnlySet<int> IndexDims => Kernel.IndexDims
        .Union(Likelihood is HeteroscedasticLikelihood noise ? noise.NoiseKernel.IndexDims : []).ToHashSet();

    internal int Threads => NumberOfThreads ?? Environment.ProcessorCount;

    /// <summary>How the search goes, on this many rows.</summary>
    internal HyperparameterSearchRule SearchRule(int restarts, Random random) => new(
        restarts, random, new() { MaximumIterations = MaximumIterations, GradientTolerance = Tolerance });
}
