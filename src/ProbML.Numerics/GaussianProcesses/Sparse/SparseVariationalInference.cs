namespace ProbML.GaussianProcesses;

/// <summary>Sparse Gaussian process regression: Titsias' bound, or FITC, about m inducing inputs; O(n m²) time and O(m²) memory a pass.</summary>
/// <remarks>
/// Titsias (2009), Variational Learning of Inducing Variables in Sparse Gaussian Processes; Burt, Rasmussen &amp; van der Wilk (2020). The
/// rows are streamed, two passes an evaluation; normal noise alone.
/// </remarks>
public sealed record SparseVariationalInference : GaussianProcessInference
{
    /// <summary>m ≥ 1; where the rows have fewer distinct ones, those.</summary>
    public int InducingInputs { get; init; } = 200;

    /// <summary>How the inducing inputs are chosen.</summary>
    public InducingSelection Selection { get; init; } = InducingSelection.GreedyVariance;

    /// <summary>
    /// Whether the inducing inputs are then moved with the hyperparameters, by gradients; else greedy ones are chosen again under the kernel
    /// that was found, while the bound rises.
    /// </summary>
    public bool LearnInducingInputs { get; init; }

    /// <summary>The bound, or FITC.</summary>
    public SparseApproximation Approximation { get; init; } = SparseApproximation.Variational;

    /// <summary>What is added to the diagonal of K_mm, as a part of its mean; the bound remains one.</summary>
    public double Jitter { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override string ToString() => Approximation == SparseApproximation.Fitc ? "FITC" : "SGPR";

    internal override GaussianProcessFit Fit(Design design, GaussianProcessOptions options, TrainingMonitor monitor) => SparseFit.Run(
        ToString(), InducingInputs, search => SparseVariationalSearch.Run(this, search),
        search => SparseVariationalSearch.Given(this, search), sampled: false, design, options, monitor);

    internal override void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(InducingInputs);
        GlmOptions.Check(Enum.IsDefined(Selection), nameof(Selection), Selection, "is no selection");
        GlmOptions.Check(Enum.IsDefined(Approximation), nameof(Approximation), Approximation, "is no approximation");
        GlmOptions.Check(Jitter is >= 0 and < 1, nameof(Jitter), Jitter, "must be at least 0 and below 1");
    }
}
