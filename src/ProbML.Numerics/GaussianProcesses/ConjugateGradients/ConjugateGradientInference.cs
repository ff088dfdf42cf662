namespace ProbML.GaussianProcesses;

/// <summary>Exact Gaussian process regression by preconditioned conjugate gradients: the covariance is multiplied by, never held.</summary>
/// <remarks>
/// Gardner, Pleiss, Bindel, Weinberger &amp; Wilson (2018), GPyTorch; Wang et al. (2019), Exact Gaussian Processes on a Million Data
/// Points: hyperparameters are those of an exact fit to a subset (<see cref="GaussianProcessOptions.RestartRows"/>), moved by some
/// steps of Adam on all rows. O(n²) time a product with the covariance, O(n · (rank + probes)) memory; normal noise alone. Means are
/// exact up to <see cref="Tolerance"/>; variances are never below the exact ones, and come down to them with <see cref="VarianceRank"/>.
/// </remarks>
public sealed record ConjugateGradientInference : GaussianProcessInference
{
    /// <summary>The rank of the pivoted Cholesky preconditioner.</summary>
    public int PreconditionerRank { get; init; } = 100;

    /// <summary>Random vectors for determinant and gradient.</summary>
    public int Probes { get; init; } = 10;

    /// <summary>The relative residual at which α of the final posterior is solved.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>The same, while hyperparameters move.</summary>
    public double SearchTolerance { get; init; } = 1e-2;

    /// <summary>The most iterations of conjugate gradients.</summary>
    public int MaximumIterations { get; init; } = 1000;

    /// <summary>Steps of Adam on all rows; 0: hyperparameters are the subset's.</summary>
    public int Steps { get; init; } = 10;

    /// <summary>Adam's learning rate, for logarithms, falling to a tenth at the last step.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>The rank of the projection that variances are computed by: memory of n times as many numbers, also of the saved model.</summary>
    public int VarianceRank { get; init; } = 200;

    /// <inheritdoc/>
    public override string ToString() => "conjugate gradients";

    internal override GaussianProcessFit Fit(Design design, GaussianProcessOptions options, TrainingMonitor monitor) =>
        ConjugateGradientFit.Run(this, design, options, monitor);

    internal override void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(PreconditionerRank);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Probes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaximumIterations);
        ArgumentOutOfRangeException.ThrowIfNegative(Steps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(VarianceRank);
        GlmOptions.Check(Tolerance is > 0 and < 1, nameof(Tolerance), Tolerance, "must lie strictly between 0 and 1");
        GlmOptions.Check(SearchTolerance is > 0 and < 1, nameof(SearchTolerance), SearchTolerance, "must lie strictly between 0 and 1");
        GlmOptions.Check(LearningRate is > 0 and <= 1, nameof(LearningRate), LearningRate, "must be above 0 and at most 1");
    }
}
