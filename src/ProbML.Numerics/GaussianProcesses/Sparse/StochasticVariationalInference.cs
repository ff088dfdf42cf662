namespace ProbML.GaussianProcesses;

/// <summary>Stochastic variational inference: minibatches, natural gradients for q(u), Adam for everything else; any number of rows.</summary>
/// <remarks>
/// Hensman, Fusi &amp; Lawrence (2013), Gaussian Processes for Big Data; Salimbeni, Eleftheriadis &amp; Hensman (2018), Natural Gradients in
/// Practice; of classes, counts and Student's t: Hensman, Matthews &amp; Ghahramani (2015), Scalable Variational Gaussian Process
/// Classification. Whitened, u = L v. A step costs O(b m² + m³) and no more memory. At the end passes over all rows put q(u) at its
/// optimum: one with normal noise, some of natural gradients with other likelihoods.
/// </remarks>
public sealed record StochasticVariationalInference : GaussianProcessInference
{
    /// <summary>m ≥ 1; where the rows have fewer distinct ones, those.</summary>
    public int InducingInputs { get; init; } = 500;

    /// <summary>How the inducing inputs are chosen at first.</summary>
    public InducingSelection Selection { get; init; } = InducingSelection.KMeans;

    /// <summary>Whether the inducing inputs move.</summary>
    public bool LearnInducingInputs { get; init; } = true;

    /// <summary>b, the rows of a step; where there are fewer, all.</summary>
    public int BatchSize { get; init; } = 1024;

    /// <summary>How many steps.</summary>
    public int Steps { get; init; } = 2000;

    /// <summary>Adam's learning rate, for logarithms and inducing inputs alike; constant for the first half, then falling to a hundredth.</summary>
    public double LearningRate { get; init; } = 0.02;

    /// <summary>ρ, the size of a natural-gradient step, above 0 and at most 1.</summary>
    public double NaturalStep { get; init; } = 0.1;

    /// <summary>Rows that are shuffled at a time; where the data are no more, every pass is a permutation of all rows.</summary>
    public int ShuffleRows { get; init; } = 65_536;

    /// <summary>What is added to the diagonal of K_mm, as a part of its mean; the bound remains one.</summary>
    public double Jitter { get; init; } = 1e-6;

    /// <inheritdoc/>
    public override string ToString() => "SVGP";

    internal override GaussianProcessFit Fit(Design design, GaussianProcessOptions options, TrainingMonitor monitor)
    {
        if (options.Likelihood is LatentLikelihood)
            return LatentVariationalFit.Run(this, design, options, monitor);
        var collapsed = new SparseVariationalInference { InducingInputs = InducingInputs, Selection = Selection, Jitter = Jitter };
        return SparseFit.Run(
            ToString(), InducingInputs, search => StochasticVariationalSearch.Run(this, search),
            search => SparseVariationalSearch.Given(collapsed, search), sampled: true, design, options, monitor);
    }

    internal override string? Fault(GaussianProcessLikelihood likelihood) =>
        likelihood is LatentLikelihood ? null : base.Fault(likelihood);

    internal override void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(InducingInputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Steps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ShuffleRows);
        GlmOptions.Check(Enum.IsDefined(Selection), nameof(Selection), Selection, "is no selection");
        GlmOptions.Check(LearningRate is > 0 and <= 1, nameof(LearningRate), LearningRate, "must be above 0 and at most 1");
        GlmOptions.Check(NaturalStep is > 0 and <= 1, nameof(NaturalStep), NaturalStep, "must be above 0 and at most 1");
        GlmOptions.Check(Jitter is >= 0 and < 1, nameof(Jitter), Jitter, "must be at least 0 and below 1");
    }
}
