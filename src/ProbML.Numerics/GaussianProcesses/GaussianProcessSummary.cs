namespace ProbML.GaussianProcesses;

/// <summary>What the fit of a Gaussian process came to. Log densities are those of the response in its own unit.</summary>
public sealed record GaussianProcessSummary
{
    /// <summary>Rows it was fitted to.</summary>
    public required long Rows { get; init; }

    /// <summary>ln p(y | X), or the bound on it that was maximised; priors of hyperparameters not included.</summary>
    public required double LogMarginalLikelihood { get; init; }

    /// <summary>Whether <see cref="LogMarginalLikelihood"/> is a lower bound, or an approximation.</summary>
    public bool IsApproximate { get; init; }

    /// <summary>What was added to the covariance's diagonal so that it could be factorised, in the fitted unit; 0: nothing.</summary>
    public double Jitter { get; init; }

    /// <summary>Whether the search ended at an optimum; true where nothing was searched for.</summary>
    public bool Converged { get; init; } = true;

    /// <summary>How often the likelihood and its gradient were computed.</summary>
    public int Evaluations { get; init; }

    /// <summary>The objective that each start of the search reached, in the fitted unit: far apart, they are local optima.</summary>
    public IReadOnlyList<double> Starts { get; init; } = [];

    /// <summary>The hyperparameters that ended at a limit; a lengthscale at its upper one means that the feature does not matter.</summary>
    public IReadOnlyList<string> AtBound { get; init; } = [];

    /// <summary>Σ ln p(yᵢ | the other rows), at the hyperparameters found; NaN where it was not computed.</summary>
    public double LeaveOneOutLogDensity { get; init; } = double.NaN;

    /// <summary>The root mean squared error of predicting each row from the others; NaN where it was not computed.</summary>
    public double LeaveOneOutRootMeanSquaredError { get; init; } = double.NaN;

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Rows);
        writer.Write(LogMarginalLikelihood);
        writer.Write(IsApproximate);
        writer.Write(Jitter);
        writer.Write(Converged);
        writer.Write(Evaluations);
        writer.WriteArray([.. Starts]);
        writer.WriteArray(AtBound);
        writer.Write(LeaveOneOutLogDensity);
        writer.Write(LeaveOneOutRootMeanSquaredError);
    }

    internal static GaussianProcessSummary Read(BinaryReader reader) => new()
    {
        Rows = reader.ReadInt64(),
        LogMarginalLikelihood = reader.ReadDouble(),
        IsApproximate = reader.ReadBoolean(),
        Jitter = reader.ReadDouble(),
        Converged = reader.ReadBoolean(),
        Evaluations = reader.ReadInt32(),
        Starts = reader.ReadDoubleArray("starts"),
        AtBound = reader.ReadStringArray("hyperparameters at a limit"),
        LeaveOneOutLogDensity = reader.ReadDouble(),
        LeaveOneOutRootMeanSquaredError = reader.ReadDouble(),
    };
}
