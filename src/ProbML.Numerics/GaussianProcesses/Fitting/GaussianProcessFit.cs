namespace ProbML.GaussianProcesses;

/// <summary>What an inference hands to the model.</summary>
internal sealed record GaussianProcessFit
{
    /// <summary>Of the latent function of scaled features; in the scaled target's unit where the likelihood is normal.</summary>
    public required LatentPosterior Posterior { get; init; }

    /// <summary>The likelihood with the parameters that were found.</summary>
    public required GaussianProcessLikelihood Likelihood { get; init; }

    /// <summary>How features and target were scaled.</summary>
    public required GaussianProcessScaling Scaling { get; init; }

    /// <summary>Columns of acquisitions; null: there are none.</summary>
    public FittedAcquisition? Acquisition { get; init; }

    /// <summary>What is said of the fit.</summary>
    public required GaussianProcessSummary Summary { get; init; }
}
