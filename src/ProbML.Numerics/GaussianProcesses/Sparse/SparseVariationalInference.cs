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

    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(InducingInputs);
        if (!Enum.IsDefined(Selection))
            throw new ArgumentOutOfRangeException(nameof(Selection), Selection, "There is no such selection.");
        if (!Enum.IsDefined(Approximation))
            throw new ArgumentOutOfRangeException(nameof(Approximation), Approximation, "There is no such approximation.");
        if (!(Jitter >= 0 && Jitter < 1))
            throw new ArgumentOutOfRangeException(nameof(Jitter), Jitter, "The jitter must be at least 0 and below 1.");
    }
}
